# Run by CudaCompat with "python -c": says in lines of JSON, the last of which counts, what torch and its companions are and whether they compute.
# Each line is written before the next part is tried, so that a part that takes the whole process down is known by its name.
# Written for every Python from 3.6 on and every torch from 1.0 on.
import glob
import json
import os
import sys
import tempfile
import warnings
import wave

answer = {"devices": [], "packages": {}, "archList": [], "companions": {}}
asked = sys.argv[1:] or ["torch", "torchvision", "torchaudio", "kernel"]


def begin(part):
    answer["part"] = part
    sys.stdout.write("\nCUDACOMPAT " + json.dumps(answer) + "\n")
    sys.stdout.flush()


def text(error):
    said = (type(error).__name__ + ": " + str(error)).strip()
    root, depth = error, 0
    while depth < 8 and (root.__cause__ or (root.__context__ if not root.__suppress_context__ else None)) is not None:
        root, depth = root.__cause__ or root.__context__, depth + 1
    if root is not error and str(root) and str(root) not in said:
        said += "\n" + type(root).__name__ + ": " + str(root)
    return said[:2000]


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


def attempt(use):
    """What is wrong, or None."""
    try:
        return use()
    except Exception as error:  # a broken installation raises anything
        return text(error)


def numpy_way(torch):
    """There and back; None where it works or NumPy is not there."""
    try:
        import numpy
    except ImportError as error:
        if getattr(error, "name", None) == "numpy":
            answer["numpyMissing"] = True
            return None
        return text(error)
    answer["numpy"] = str(numpy.__version__)
    there = torch.from_numpy(numpy.arange(8, dtype=numpy.float32))
    return None if (there * 2).numpy().tolist() == [2.0 * i for i in range(8)] else "torch.from_numpy gave wrong numbers"


def use_torchvision(torch, package):
    from torchvision import ops, transforms
    boxes = torch.tensor([[0.0, 0.0, 10.0, 10.0], [1.0, 1.0, 10.0, 10.0], [20.0, 20.0, 30.0, 30.0]])
    scores = torch.tensor([0.9, 0.8, 0.7])
    devices = ["cpu"] + (["cuda:0"] if answer.get("available") and answer["devices"] else [])
    for device in devices:
        kept = ops.nms(boxes.to(device), scores.to(device), 0.5).cpu().tolist()
        if kept != [0, 2]:
            return "torchvision.ops.nms on %s kept %r of three boxes" % (device, kept)
    if answer.get("numpyMissing"):
        return None  # transforms of images need NumPy
    from PIL import Image
    tensor = transforms.ToTensor()(Image.new("RGB", (3, 2), (255, 0, 0)))
    return None if tuple(tensor.shape) == (3, 2, 3) and float(tensor[0].min()) == 1.0 else "a transform of torchvision gave a wrong image"


def use_torchaudio(torch, package):
    from torchaudio import transforms
    tone = torch.sin(torch.arange(0, 1600, dtype=torch.float32) * 0.05).reshape(1, -1)
    got = transforms.Resample(16000, 8000)(tone)
    return None if tuple(got.shape) == (1, 800) else "a resample of torchaudio gave %r" % (tuple(got.shape),)


def load_audio(package):
    folder = tempfile.mkdtemp()
    path = os.path.join(folder, "tone.wav")
    try:
        with wave.open(path, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(b"\0\0\1\0" * 400)
        loaded, rate = package.load(path)
        return None if tuple(loaded.shape) == (1, 800) and rate == 8000 else "torchaudio.load gave a wrong sound"
    finally:
        if os.path.exists(path):
            os.remove(path)
        os.rmdir(folder)


def companion(torch, name):
    begin(name)
    said = answer["companions"][name] = {"version": answer["packages"].get(name)}
    try:
        package = __import__(name)
    except ImportError as error:
        said["missing"] = getattr(error, "name", None) == name and name not in answer["packages"]
        said["error"] = None if said["missing"] else text(error)
        return
    except Exception as error:
        said["error"] = text(error)
        return
    said["version"] = str(getattr(package, "__version__", said["version"]))
    said["error"] = attempt(lambda: {"torchvision": use_torchvision, "torchaudio": use_torchaudio}[name](torch, package))
    if name == "torchaudio" and said["error"] is None:
        said["loadError"] = attempt(lambda: load_audio(package))


def gpus(torch):
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


def probe():
    for folder in sys.path:  # importlib.metadata is not there before 3.8
        for name in ("torchvision", "torchaudio"):
            for ending in (".dist-info", ".egg-info"):
                for path in glob.glob(os.path.join(glob.escape(folder), name + "-*" + ending)):
                    answer["packages"].setdefault(name, os.path.basename(path)[len(name) + 1:-len(ending)].split("-py3")[0])
    begin("torch")
    try:
        import torch
    except ImportError as error:
        answer["missing"] = getattr(error, "name", None) == "torch"
        answer["importError"] = text(error)
        return
    except Exception as error:  # a broken installation raises anything
        answer["importError"] = text(error)
        return
    if not hasattr(torch, "__version__"):
        answer["importError"] = "AttributeError: the module 'torch' of %s has no __version__: it is not PyTorch" % (getattr(torch, "__file__", None) or list(getattr(torch, "__path__", ["?"]))[0])
        return
    answer["torch"] = str(torch.__version__)
    answer["cuda"] = getattr(getattr(torch, "version", None), "cuda", None)
    answer["cpuError"] = attempt(lambda: compute(torch, "cpu"))
    answer["numpyError"] = attempt(lambda: numpy_way(torch))
    if answer["cuda"] is not None:
        try:
            cudnn = torch.backends.cudnn.version()
            answer["cudnn"] = None if cudnn is None else str(cudnn)
        except Exception as error:
            answer["cudnn"] = None
            answer["cudnnError"] = text(error)
        begin("kernel")
        gpus(torch)
    for name in ("torchvision", "torchaudio"):
        if name in asked:
            companion(torch, name)


probe()
begin(None)
