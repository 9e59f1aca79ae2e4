#compdef cudacompat
# zsh completion of cudacompat: eval "$(cudacompat completion zsh)"
_cudacompat() {
  local -a found
  found=("${(@f)$(cudacompat suggest -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  found=(${found:#})
  if (( ${#found} )); then
    compadd -- "${found[@]}"
  else
    _files
  fi
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _cudacompat cudacompat
