"""State dicts of wrapped and converted networks, and files that hold no state dict."""

import torch
import torchvision
from networks import FORMS, network
from safetensors.torch import save_file, save_model
from torch import nn
from write_foreign import TORCHVISION
from write_round_trips import TORCH


def write_wrapped(cases):
    """Names with something in front of them."""
    net = network("lesson", 18)
    wrapped = {
        "DataParallel": (nn.DataParallel(net), "module."),
        "torch.compile": (torch.compile(net), "_orig_mod."),
        "torch.compile of DataParallel": (torch.compile(nn.DataParallel(net)), "_orig_mod.module."),
        "AveragedModel": (torch.optim.swa_utils.AveragedModel(net), "module."),
    }
    for what, (module, prefix) in wrapped.items():
        path = f"wrapped/{what.replace(' ', '-')}.pth"
        torch.save(module.state_dict(), cases.path(path))
        cases.read(f"wrapped: {what}", TORCH, path, net.state_dict(), says=[prefix])
    path = "wrapped/DataParallel.safetensors"
    save_file(nn.DataParallel(net).state_dict(), cases.path(path))
    cases.read("wrapped: DataParallel, safetensors", "safetensors 0.8.0", path, net.state_dict(), says=["module."])
    save_model(net, cases.path("wrapped/model.safetensors"))
    cases.read("wrapped: save_model", "safetensors 0.8.0", "wrapped/model.safetensors", net.state_dict())
    training = {
        "epoch": 3,
        "model_state_dict": net.state_dict(),
        "optimizer_state_dict": torch.optim.Adam(net.parameters()).state_dict(),
        "loss": 0.25,
    }
    for form, is_zip in FORMS.items():
        path = f"wrapped/training-{form}.pth"
        torch.save(training, cases.path(path), _use_new_zipfile_serialization=is_zip)
        cases.read(f"wrapped: model_state_dict in a dictionary, {form} form", TORCH, path, net.state_dict())
    torch.save(dict(net.named_parameters()) | dict(net.named_buffers()), cases.path("wrapped/parameters.pth"))
    cases.read("wrapped: named_parameters and named_buffers", TORCH, "wrapped/parameters.pth", net.state_dict())


def write_converted(cases):
    """Other types and layouts of memory."""
    for word, kind in (("float16", torch.float16), ("bfloat16", torch.bfloat16), ("float64", torch.float64)):
        net = network("lesson", 18).to(kind)
        torch.save(net.state_dict(), cases.path(f"converted/{word}.pth"))
        cases.read(f"type: {word}", TORCH, f"converted/{word}.pth", net.state_dict(), says=[word])
        save_file(net.state_dict(), cases.path(f"converted/{word}.safetensors"))
        path = f"converted/{word}.safetensors"
        cases.read(f"type: {word}, safetensors", "safetensors 0.8.0", path, net.state_dict(), says=[word])
    halves = {name: tensor.half() for name, tensor in network("lesson", 18).state_dict().items()}
    torch.save(halves, cases.path("converted/halves.pth"))
    cases.read("type: float16, counters too", TORCH, "converted/halves.pth", halves, says=["float16"])
    for channels in (1, 3):
        net = network("torchvision", 50, channels=channels).to(memory_format=torch.channels_last)
        path = f"converted/channels-last-{channels}.pth"
        torch.save(net.state_dict(), cases.path(path))
        cases.read(f"layout: channels_last, {channels} channels", TORCH, path, net.state_dict())


def write_no_state_dict(cases):
    """Files that are refused."""
    net = network("lesson", 18)
    for form, is_zip in FORMS.items():
        path = f"refused/module-{form}.pth"
        torch.save(net, cases.path(path), _use_new_zipfile_serialization=is_zip)
        cases.refused(f"no state dict: the whole module, {form} form", TORCH, path, "holds a whole network, whose code is not run")
    torch.jit.script(nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU())).save(cases.path("refused/script.pt"))
    cases.refused("no state dict: TorchScript", TORCH, "refused/script.pt", "is a TorchScript archive, whose code is not run")
    optimizer = torch.optim.Adam(net.parameters())
    torch.save(optimizer.state_dict(), cases.path("refused/optimizer.pth"))
    cases.refused("no state dict: of an optimizer", TORCH, "refused/optimizer.pth", "holds the state of an optimizer")
    eight = {name: tensor.to(torch.float8_e4m3fn) for name, tensor in net.state_dict().items()}
    torch.save(eight, cases.path("refused/float8.pth"))
    cases.refused("type: float8_e4m3fn", TORCH, "refused/float8.pth", "is float8 (F8_E4M3), which is not read")
    sparse = {**net.state_dict(), "conv.weight": net.state_dict()["conv.weight"].to_sparse()}
    torch.save(sparse, cases.path("refused/sparse.pth"))
    cases.refused("sparse weight", TORCH, "refused/sparse.pth", 'tensor "conv.weight" is sparse; save its to_dense()')
    torch.save({"a": {"w": torch.zeros(2)}, "b": {"w": torch.ones(2)}}, cases.path("refused/two.pth"))
    cases.refused("no state dict: two dictionaries of tensors", TORCH, "refused/two.pth", 'under "a", "b"; choose by --from', code=2)
    torch.save({"state_dict": net.state_dict(), "state_dict_ema": net.state_dict()}, cases.path("refused/ema.pth"))
    cases.refused("several: state_dict and state_dict_ema", TORCH, "refused/ema.pth", "choose by --from KEY", code=2)
    others = {
        "mobilenet_v3_small": "no network that is known here",
        "densenet121": "no network that is known here",
        "resnext50_32x4d": "tensor layer1.0.conv1.weight is F32 [128,64,1,1], expected F32 [64,64,1,1]",
    }
    for other, sentence in others.items():
        torch.save(torchvision.models.get_model(other).state_dict(), cases.path(f"refused/{other}.pth"))
        cases.refused(f"another network: {other}", TORCHVISION, f"refused/{other}.pth", sentence)
