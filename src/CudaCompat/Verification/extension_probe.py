# Run by CudaCompat with "python -c": builds a one-line C++ extension with torch's own builder and, where torch has CUDA and a toolkit is found, a CUDA one.
# The folder for the build is the first argument. Written for every torch from 1.0 on.
import json
import os
import sys

answer = {}
folder = sys.argv[1]
os.environ["TORCH_EXTENSIONS_DIR"] = folder


def text(error):
    return (type(error).__name__ + ": " + str(error)).strip()[-4000:]


def build(torch, name, cuda):
    from torch.utils import cpp_extension
    where = os.path.join(folder, name)
    os.makedirs(where, exist_ok=True)
    source = "torch::Tensor twice(torch::Tensor x) { return x + x; }"
    if not cuda:
        module = cpp_extension.load_inline(name=name, cpp_sources=source, functions=["twice"], build_directory=where)
        return None if module.twice(torch.ones(3)).tolist() == [2.0, 2.0, 2.0] else "the extension computed a wrong result"
    kernel = """
__global__ void twice_kernel(float* x, int n) { int i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) x[i] *= 2; }
torch::Tensor twice(torch::Tensor x) {
  auto y = x.clone();
  twice_kernel<<<1, 64>>>(y.data_ptr<float>(), (int)y.numel());
  return y;
}
"""
    if not torch.cuda.is_available():
        os.environ.setdefault("TORCH_CUDA_ARCH_LIST", "8.0")  # nothing to ask; the code is not run
    module = cpp_extension.load_inline(
        name=name, cpp_sources="torch::Tensor twice(torch::Tensor x);", cuda_sources=kernel, functions=["twice"], build_directory=where)
    if not torch.cuda.is_available():
        return None
    return None if module.twice(torch.ones(3, device="cuda")).cpu().tolist() == [2.0, 2.0, 2.0] else "the CUDA extension computed a wrong result"


def attempt(use):
    try:
        return use()
    except Exception as error:
        return text(error)


def probe():
    try:
        import torch
    except Exception as error:
        answer["importError"] = text(error)
        return
    answer["error"] = attempt(lambda: build(torch, "cudacompat_cpp", False))
    if answer["error"] is not None or getattr(torch.version, "cuda", None) is None:
        return
    from torch.utils import cpp_extension
    answer["cudaHome"] = getattr(cpp_extension, "CUDA_HOME", None)
    if answer["cudaHome"] is not None:
        answer["cudaError"] = attempt(lambda: build(torch, "cudacompat_cuda", True))


probe()
sys.stdout.write("\nCUDACOMPAT " + json.dumps(answer) + "\n")
