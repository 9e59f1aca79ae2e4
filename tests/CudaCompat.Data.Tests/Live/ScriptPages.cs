namespace CudaCompat.Data.Tests.Live;

/// <summary>Build scripts and release pages in the shapes that PyTorch keeps them, written for these tests.</summary>
internal static class ScriptPages
{
    public const string Raw = "raw.githubusercontent.com/pytorch/pytorch/";

    /// <summary>The table of Linux since 2.13.</summary>
    public static string Linux(string table, bool forReleases = true) => $$"""
        #!/usr/bin/env python3
        """ + "\n\"\"\"Sets up the environment, e.g. DESIRED_CUDA = {cu126}.\"\"\"\n" + $$"""
        import os

        OTHER: dict[str, str] = {"USE_CUDA": "1"}

        # `50 == 5.0`
        TORCH_CUDA_ARCH_LIST_TABLE: dict[str, dict[str, set[int]]] = {
        {{table}}
        }

        _PTX_ARCHES: set[int] = {120}


        {{(forReleases ? "def _ptx_arches(version: str) -> set[int]:\n    if is_release(version):\n        return set()\n    return _PTX_ARCHES\n" : "")}}

        def main() -> None:
            print(TORCH_CUDA_ARCH_LIST_TABLE)
        """;

    public const string Table = """
            "12.6": {
                "x86_64": {50, 60, 70, 75, 80, 86, 90},  # the old cards
                "aarch64": {80, 90},
            },
            "13.0": {
                "x86_64": {75, 80, 86, 90, 100, 120},
                "aarch64": {80, 90, 100, 110, 120},
            },
        """;

    public const string Windows = """
        from pathlib import Path

        TORCH_CUDA_ARCH_LIST_TABLE: dict[str, str] = {
            "126": "5.0;6.0;6.1;7.0;7.5;8.0;8.6;9.0",
            "130": "7.5;8.0;8.6;9.0;10.0;12.0",
        }
        """;

    public const string Batch = """
        @echo off
        set "CUDA_VER=%~1"
        if "%CUDA_VER%"=="126" (
            set "CUDA_DOTTED_VERSION=12.6"
            set "CUDA_ARCH_LIST=5.0;6.1;9.0"
        ) else if "%CUDA_VER%"=="130" (
            set "CUDA_ARCH_LIST=7.5;12.0"
        ) else (
            exit /b 1
        )
        set "TORCH_CUDA_ARCH_LIST=%CUDA_ARCH_LIST%"
        """;

    public const string Shell = """
        #!/usr/bin/env bash
        filter_aarch64_archs() {
            local arch_list="$1"
            arch_list=$(remove_archs "$arch_list" "5.0" "6.0" "7.0" "7.5" "8.6")
            echo "$arch_list"
        }

        TORCH_CUDA_ARCH_LIST="7.0;7.5;8.0;8.6;9.0"

        case ${CUDA_VERSION} in
            12.6) TORCH_CUDA_ARCH_LIST="5.0;6.0;${TORCH_CUDA_ARCH_LIST}" ;;  # old cards
            12.9) TORCH_CUDA_ARCH_LIST="${TORCH_CUDA_ARCH_LIST};10.0;12.0+PTX" # new cards
                if [[ "$PACKAGE_TYPE" == "libtorch" ]]; then
                    TORCH_CUDA_ARCH_LIST="${TORCH_CUDA_ARCH_LIST//7.0;/}"
                fi
                ;;
            13.0)
                TORCH_CUDA_ARCH_LIST="7.5;8.0;8.6;9.0;10.0;$([[ "$ARCH" == "aarch64" ]] && echo "11.0;" || echo "")12.0"
                export BUILD_BUNDLE_PTXAS=1
                ;;
            *) echo "unknown cuda version $CUDA_VERSION"; exit 1 ;;
        esac

        [[ "$ARCH" == "aarch64" ]] && TORCH_CUDA_ARCH_LIST=$(filter_aarch64_archs "$TORCH_CUDA_ARCH_LIST")
        """;

    /// <summary>The page of previous versions as HTML.</summary>
    public static string PreviousVersions(string torch, string vision, params string[] tags) => $"""
        <!DOCTYPE html><html><head><title>Previous PyTorch Versions</title></head><body><h1>Installing previous versions of PyTorch</h1>
        <h2 id="commands">Commands for Versions &gt;= 1.0.0</h2>
        <h3 id="v{torch.Replace(".", "")}">v{torch}</h3><h4 id="wheel">Wheel</h4><h5 id="osx">OSX</h5>
        <div><pre><code>pip install torch=={torch} torchvision=={vision}
        </code></pre></div>
        <h5 id="linux-and-windows">Linux and Windows</h5>
        <div><pre><code># ROCM 7.2 (Linux only)
        pip install torch=={torch} torchvision=={vision} --index-url https://download.pytorch.org/whl/rocm7.2
        {string.Join('\n', tags.Select(t => $"# CUDA {t[2..4]}.{t[4..]}\npip install torch=={torch} torchvision=={vision} --index-url https://download.pytorch.org/whl/{t}"))}
        # CPU only
        pip install torch=={torch} torchvision=={vision} --index-url https://download.pytorch.org/whl/cpu
        </code></pre></div></body></html>
        """;
}
