# bash completion of cudacompat: eval "$(cudacompat completion bash)"
_cudacompat() {
  local current=${COMP_WORDS[COMP_CWORD]} line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("$line")
  done < <(cudacompat suggest -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  # Nothing to suggest: file names are what most values are.
  if [ ${#COMPREPLY[@]} -eq 0 ]; then
    while IFS= read -r line; do
      COMPREPLY+=("$line")
    done < <(compgen -f -- "$current")
  fi
}
complete -F _cudacompat cudacompat
