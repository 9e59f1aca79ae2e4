# Run by CudaCompat with "python -c": says in one line of JSON what torch is and whether each GPU computes.
# Written for every Python from 3.6 on and every torch from 1.0 on.
import glob
import json
import os
import sys
import warnings

answer = {"devices": [], "packages": {}, "archList": []}


def text(error):
    return (type(error).__name__ + ": " + str(error)).strip()[:1000]


def compute(torch, device):
    """Two kernels whose results are known exactly; returns what is wrong, or None."""
    count = 4096
    values = torch.arange(0, count, device=device, dtype=torch.float32)
    got = (values * 2 + 1).cpu().tolist()
    if got != [2.0 * i + 1.0 for i in range(count)]:
        return "an element-wise kernel computed a wrong result"
    side = 64
    ones = torch.ones((side, side), device=device)
    product = torch.matmul(ones, ones).cpu().reshape(-1).tolist()
    if product != [float(side)] * (side * side):
        return "a matrix product is wrong"
    return None


def probe():
    for folder in sys.path:  # importlib.metadata is not there before 3.8
        for name in ("torchvision", "torchaudio"):
            for path in glob.glob(os.path.join(glob.escape(folder), name + "-*.dist-info")):
                answer["packages"].setdefault(name, os.path.basename(path)[len(name) + 1:-len(".dist-info")])
    try:
        import torch
    except ImportError as error:
        answer["missing"] = getattr(error, "name", None) == "torch"
        answer["importError"] = text(error)
        return
    except Exception as error:  # a broken installation raises anything
        answer["importError"] = text(error)
        return
    answer["torch"] = str(torch.__version__)
    answer["cuda"] = getattr(getattr(torch, "version", None), "cuda", None)
    try:
        answer["cpuError"] = compute(torch, "cpu")
    except Exception as error:
        answer["cpuError"] = text(error)
    if answer["cuda"] is None:
        return
    try:
        cudnn = torch.backends.cudnn.version()
        answer["cudnn"] = None if cudnn is None else str(cudnn)
    except Exception as error:
        answer["cudnn"] = None
        answer["availableError"] = text(error)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            answer["available"] = bool(torch.cuda.is_available())
            if not answer["available"]:
                torch.zeros(1, device="cuda")  # says why
        except Exception as error:
            answer["availableError"] = text(error)
        if not answer.get("availableError") and caught:
            answer["availableError"] = str(caught[0].message)[:1000]
    if not answer.get("available"):
        return
    try:
        answer["archList"] = list(torch.cuda.get_arch_list())
    except Exception:  # not there in old releases
        pass
    for index in range(torch.cuda.device_count()):
        device = {"index": index}
        answer["devices"].append(device)
        try:
            device["name"] = torch.cuda.get_device_name(index)
            device["capability"] = "%d.%d" % tuple(torch.cuda.get_device_capability(index))
            device["error"] = compute(torch, "cuda:%d" % index)
            torch.cuda.synchronize(index)
        except Exception as error:
            device["error"] = text(error)


probe()
sys.stdout.write("\nCUDACOMPAT " + json.dumps(answer) + "\n")
