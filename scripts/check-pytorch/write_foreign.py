"""Checkpoints as other libraries write them: torchvision, timm, Lightning, Hugging Face's transformers."""

import argparse
import re

import pytorch_lightning
import timm
import timm.utils
import torch
import torchvision
import transformers
from networks import network, shaken
from torch import nn

TORCHVISION = f"torchvision {torchvision.__version__.split('+')[0]}"
TIMM = f"timm {timm.__version__}"
LIGHTNING = f"pytorch-lightning {pytorch_lightning.__version__}"
TRANSFORMERS = f"transformers {transformers.__version__}"


def write_torchvision(cases):
    for depth in (18, 50):
        net = shaken(torchvision.models.get_model(f"resnet{depth}", num_classes=1000))
        torch.save(net.state_dict(), cases.path(f"resnet{depth}.pth"))
        cases.read(f"torchvision: resnet{depth}, state dict", TORCHVISION, f"resnet{depth}.pth", net.state_dict())


def write_timm(cases):
    net = shaken(timm.create_model("resnet18", num_classes=5))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    average = timm.utils.ModelEmaV2(net)
    shaken(average.module.float())
    arguments = argparse.Namespace(model="resnet18", lr=0.1, amp=False)
    for name, ema in (("plain", None), ("ema", average)):
        folder = cases.path(f"timm-{name}/last.pth.tar").parent
        saver = timm.utils.CheckpointSaver(
            net, optimizer, args=arguments, model_ema=ema, checkpoint_dir=folder, recovery_dir=folder
        )
        saver.save_checkpoint(epoch=3, metric=0.9)
    tensors = net.state_dict()
    cases.read("timm: .pth.tar, with its argparse.Namespace", TIMM, "timm-plain/last.pth.tar", tensors, says=['"state_dict"'])
    ema = "timm-ema/last.pth.tar"
    cases.refused("timm: .pth.tar with an average beside the weights", TIMM, ema, "choose by --from KEY", code=2)
    for key, expected in (("state_dict", tensors), ("state_dict_ema", average.module.state_dict())):
        cases.read(f"timm: the same, --from {key}", TIMM, ema, expected, words=["--from", key])
    timm.models.save_for_hf(net, cases.path("timm-hub/x").parent, safe_serialization="both")
    cases.read("timm: model.safetensors", TIMM, "timm-hub/model.safetensors", tensors)
    cases.read("timm: pytorch_model.bin", TIMM, "timm-hub/pytorch_model.bin", tensors)


class Lit(pytorch_lightning.LightningModule):
    """The lesson's network as users of Lightning hold it."""

    def __init__(self, width=8):
        super().__init__()
        self.save_hyperparameters()
        self.net = network("lesson", 18, width=width)

    def training_step(self, batch, _):
        images, labels = batch
        return nn.functional.cross_entropy(self.net(images), labels)

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters())


def write_lightning(cases):
    module = Lit()
    batch = [(torch.randn(1, 28, 28), 1), (torch.randn(1, 28, 28), 2)]
    trainer = pytorch_lightning.Trainer(
        max_steps=1, accelerator="cpu", logger=False, enable_checkpointing=False, enable_progress_bar=False,
        enable_model_summary=False, default_root_dir=cases.folder,
    )  # fmt: skip
    trainer.fit(module, torch.utils.data.DataLoader(batch, batch_size=2))
    trainer.save_checkpoint(cases.path("lightning.ckpt"))
    cases.read("Lightning: .ckpt", LIGHTNING, "lightning.ckpt", module.net.state_dict(), says=["net."])


def write_transformers(cases):
    for depth, blocks, kind, sizes in (
        (18, [2, 2, 2, 2], "basic", [64, 128, 256, 512]),
        (50, [3, 4, 6, 3], "bottleneck", [256, 512, 1024, 2048]),
    ):
        config = transformers.ResNetConfig(
            depths=blocks, layer_type=kind, hidden_sizes=sizes, embedding_size=64, num_labels=7
        )
        net = shaken(transformers.ResNetForImageClassification(config))
        folder = f"hugging-face-{depth}"
        net.save_pretrained(cases.path(f"{folder}/x").parent)
        tensors = {torchvision_name(name): tensor for name, tensor in net.state_dict().items()}
        path = f"{folder}/model.safetensors"
        cases.read(f"Hugging Face: ResNetForImageClassification, depth {depth}", TRANSFORMERS, path, tensors, says=["Hugging Face"])


def torchvision_name(name):
    """torchvision's name of a tensor of Hugging Face's ResNet."""
    kinds = {"convolution": "conv", "normalization": "bn"}
    stem = re.fullmatch(r"resnet\.embedder\.embedder\.(\w+)\.(\w+)", name)
    if stem:
        return f"{kinds[stem[1]]}1.{stem[2]}"
    short = re.fullmatch(r"resnet\.encoder\.stages\.(\d+)\.layers\.(\d+)\.shortcut\.(\w+)\.(\w+)", name)
    if short:
        place = {"convolution": 0, "normalization": 1}[short[3]]
        return f"layer{int(short[1]) + 1}.{short[2]}.downsample.{place}.{short[4]}"
    inner = re.fullmatch(r"resnet\.encoder\.stages\.(\d+)\.layers\.(\d+)\.layer\.(\d+)\.(\w+)\.(\w+)", name)
    if inner:
        return f"layer{int(inner[1]) + 1}.{inner[2]}.{kinds[inner[4]]}{int(inner[3]) + 1}.{inner[5]}"
    return name.replace("classifier.1.", "fc.")


def write_foreign(cases):
    for write in (write_torchvision, write_timm, write_lightning, write_transformers):
        write(cases)
