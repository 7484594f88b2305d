#!/usr/bin/env python3
"""Writes nn.json, the rows of tests/nn/losses_test.cpp and functional_test.cpp, and ("init_...", "noise_...") the weights of
new layers and the noise of dropout, in float32, for layers_test.cpp: python3 make_nn.py > nn.json
"""
import torch
import torch.nn as nn
import torch.nn.functional as F

from rows import c, init, n, row, seeded, u, write

torch.manual_seed(21)


def t(*values):
    return torch.tensor(values)


def signs(*shape):
    return torch.rand(shape, dtype=torch.float64).sub(0.5).sign()


REDUCTIONS = ("mean", "sum", "none")
for r in REDUCTIONS:
    row(f"mse_{r}", [n(3, 4), n(3, 4)], lambda a, b: F.mse_loss(a, b, reduction=r))
    row(f"l1_{r}", [n(3, 4), n(3, 4)], lambda a, b: F.l1_loss(a, b, reduction=r))
    row(f"smooth_l1_{r}", [n(3, 4), n(3, 4)], lambda a, b: F.smooth_l1_loss(a, b, reduction=r, beta=0.7))
    row(f"huber_{r}", [n(3, 4), n(3, 4)], lambda a, b: F.huber_loss(a, b, reduction=r, delta=0.6))
    w = u(0.2, 1.5, 5)
    row(f"nll_{r}", [n(4, 5), t(1, 0, -100, 4)], lambda a, y: F.nll_loss(a, y, reduction=r))
    row(f"nll_weight_{r}", [n(4, 5), t(1, 0, 3, 4), c(w)], lambda a, y, v: F.nll_loss(a, y, v, reduction=r, ignore_index=3))
    row(f"nll_2d_{r}", [n(2, 5, 2, 3), torch.randint(5, (2, 2, 3)), c(w)], lambda a, y, v: F.nll_loss(a, y, v, reduction=r))
    row(f"ce_{r}", [n(4, 5), t(1, 0, -100, 4)], lambda a, y: F.cross_entropy(a, y, reduction=r))
    row(f"ce_weight_{r}", [n(4, 5), t(1, 0, 3, 4), c(w)], lambda a, y, v: F.cross_entropy(a, y, v, reduction=r, ignore_index=3))
    row(f"ce_2d_{r}", [n(2, 5, 2, 3), torch.randint(5, (2, 2, 3)), c(w)], lambda a, y, v: F.cross_entropy(a, y, v, reduction=r))
    row(f"ce_single_{r}", [n(5), t(2)[0]], lambda a, y: F.cross_entropy(a, y, reduction=r))
    row(f"ce_smooth_{r}", [n(4, 5), t(1, 0, -100, 4)], lambda a, y: F.cross_entropy(a, y, reduction=r, label_smoothing=0.2))
    row(f"ce_smooth_weight_{r}", [n(4, 5), t(1, 0, -100, 4), c(w)],
        lambda a, y, v: F.cross_entropy(a, y, v, reduction=r, label_smoothing=0.2))
    row(f"ce_probabilities_{r}", [n(3, 4), u(0, 1, 3, 4), c(u(0.2, 1.5, 4))],
        lambda a, y, v: F.cross_entropy(a, y, v, reduction=r, label_smoothing=0.1))
    row(f"bce_{r}", [u(0.1, 0.9, 3, 4), u(0.1, 0.9, 3, 4), c(u(0.5, 2, 4))],
        lambda a, b, v: F.binary_cross_entropy(a, b, v.expand(3, 4), reduction=r))
    row(f"bce_logits_{r}", [n(3, 4), u(0, 1, 3, 4), c(u(0.5, 2, 4)), c(u(0.5, 2, 4))],
        lambda a, b, v, p: F.binary_cross_entropy_with_logits(a, b, v, reduction=r, pos_weight=p))
    row(f"kl_{r}", [n(3, 4), u(0.1, 0.9, 3, 4)], lambda a, b: F.kl_div(a, b, reduction=r))
    row(f"kl_log_{r}", [n(3, 4), n(3, 4)], lambda a, b: F.kl_div(a, b, reduction=r, log_target=True))
    row(f"poisson_{r}", [n(3, 4), u(0.5, 4, 3, 4)], lambda a, b: F.poisson_nll_loss(a, b, full=True, reduction=r))
    row(f"poisson_plain_{r}", [u(0.5, 3, 3, 4), u(0.5, 4, 3, 4)], lambda a, b: F.poisson_nll_loss(a, b, log_input=False, reduction=r))
    row(f"gaussian_{r}", [n(3, 4), n(3, 4), u(0.5, 2, 3, 1)], lambda a, b, v: F.gaussian_nll_loss(a, b, v, full=True, reduction=r))
    row(f"hinge_{r}", [n(3, 4), signs(3, 4)], lambda a, b: F.hinge_embedding_loss(a, b, margin=0.9, reduction=r))
    row(f"ranking_{r}", [n(6), n(6), signs(6)], lambda a, b, s: F.margin_ranking_loss(a, b, s, margin=0.3, reduction=r))
    row(f"cosine_{r}", [n(4, 3), n(4, 3), t(1.0, -1.0, 1.0, -1.0).double()],
        lambda a, b, s: F.cosine_embedding_loss(a, b, s, margin=-0.5, reduction=r))
    row(f"multi_margin_{r}", [n(3, 4), t(0, 3, 1), c(u(0.5, 2, 4))],
        lambda a, y, v: F.multi_margin_loss(a, y, p=2, margin=0.8, weight=v, reduction=r))
    row(f"multilabel_margin_{r}", [n(2, 4), torch.tensor([[3, 0, -1, 1], [2, -1, -1, 0]])],
        lambda a, y: F.multilabel_margin_loss(a, y, reduction=r))
    row(f"multilabel_soft_{r}", [n(3, 4), u(0, 1, 3, 4), c(u(0.5, 2, 4))],
        lambda a, b, v: F.multilabel_soft_margin_loss(a, b, v, reduction=r))
    row(f"soft_margin_{r}", [n(3, 4), signs(3, 4)], lambda a, s: F.soft_margin_loss(a, s, reduction=r))
    row(f"triplet_{r}", [n(3, 4), n(3, 4), n(3, 4)], lambda a, p, m: F.triplet_margin_loss(a, p, m, margin=1.5, swap=True, reduction=r))
    row(f"ctc_{r}", [n(5, 2, 4), torch.tensor([[1, 1, 3], [2, 0, 0]]), t(5, 4), t(3, 1)],
        lambda a, y, i, o: F.ctc_loss(a.log_softmax(2), y, i, o, reduction=r))
row("kl_batchmean", [n(3, 4), u(0.1, 0.9, 3, 4)], lambda a, b: F.kl_div(a, b, reduction="batchmean"))
row("ctc_flat", [n(5, 2, 4), t(2, 3, 2, 1), t(5, 5), t(3, 1)], lambda a, y, i, o: F.ctc_loss(a.log_softmax(2), y, i, o, blank=0))
row("ctc_zero_infinity", [n(3, 2, 4), t(2, 2, 2, 1), t(3, 3), t(3, 1)],
    lambda a, y, i, o: F.ctc_loss(a.log_softmax(2), y, i, o, zero_infinity=True))
row("ctc_single", [n(5, 4), t(2, 3), t(5)[0], t(2)[0]], lambda a, y, i, o: F.ctc_loss(a.log_softmax(1), y, i, o, reduction="none"))
row("multi_margin_single", [n(4), t(2)[0]], lambda a, y: F.multi_margin_loss(a, y, reduction="none"))
row("multilabel_margin_single", [n(4), t(2, 1, -1, 0)], lambda a, y: F.multilabel_margin_loss(a, y, reduction="none"))

# Normalization.
row("batch_norm_2d", [n(6, 3), n(3), n(3)], lambda a, w, b: F.batch_norm(a, None, None, w, b, True))
row("batch_norm_4d", [n(2, 3, 2, 5), n(3), n(3)], lambda a, w, b: F.batch_norm(a, None, None, w, b, True, eps=0.1))
row("batch_norm_plain", [n(3, 2, 17)], lambda a: F.batch_norm(a, None, None, training=True))
row("batch_norm_eval", [n(4, 3, 2), c(n(3)), c(u(0.5, 2, 3)), n(3), n(3)], lambda a, m, v, w, b: F.batch_norm(a, m, v, w, b))
m, v = torch.zeros(3).double(), torch.ones(3).double()
row("batch_norm_running", [n(4, 3, 2)], lambda a: (F.batch_norm(a, m, v, training=True, momentum=0.3), m, v)[1:])
row("layer_norm_2", [n(2, 3, 4), n(3, 4), n(3, 4)], lambda a, w, b: F.layer_norm(a, (3, 4), w, b))
row("layer_norm_1", [n(3, 33), n(33)], lambda a, w: F.layer_norm(a, (33,), w))
row("layer_norm_plain", [n(20, 5)], lambda a: F.layer_norm(a, (5,)))
row("group_norm_2", [n(2, 6, 3), n(6), n(6)], lambda a, w, b: F.group_norm(a, 2, w, b))
row("group_norm_plain", [n(3, 4)], lambda a: F.group_norm(a, 2))
row("instance_norm", [n(2, 3, 4), n(3), n(3)], lambda a, w, b: F.instance_norm(a, weight=w, bias=b))
m2, v2 = torch.zeros(3).double(), torch.ones(3).double()
row("instance_norm_running", [n(2, 3, 4)], lambda a: (F.instance_norm(a, m2, v2, momentum=0.3), m2, v2)[1:])
row("instance_norm_eval", [n(2, 3, 4), c(n(3)), c(u(0.5, 2, 3))], lambda a, m, v: F.instance_norm(a, m, v, use_input_stats=False))
row("lrn_3d", [n(2, 5, 3)], lambda a: F.local_response_norm(a, 3, alpha=0.5, beta=0.6, k=2))
row("lrn_4d", [n(2, 5, 2, 2)], lambda a: F.local_response_norm(a, 4, alpha=0.5))
row("normalize", [n(3, 4)], lambda a: F.normalize(a))
row("normalize_p1", [n(3, 4)], lambda a: F.normalize(a, p=1, dim=0))

# Padding, resampling, folding, shuffling.
for mode in ("reflect", "replicate", "circular"):
    row(f"pad_{mode}_1d", [n(2, 3, 5)], lambda a: F.pad(a, (2, 1), mode=mode))
    row(f"pad_{mode}_2d", [n(1, 2, 4, 5)], lambda a: F.pad(a, (2, 1, 0, 3), mode=mode))
    row(f"pad_{mode}_3d", [n(1, 2, 3, 4, 3)], lambda a: F.pad(a, (2, 1, 0, 3, 1, 1), mode=mode))
row("pad_constant", [n(2, 3, 4)], lambda a: F.pad(a, (1, 2, 0, 1), value=1.5))
row("pad_negative", [n(2, 5, 6)], lambda a: F.pad(a, (-1, 2, 1, -3)))
row("nearest_1d", [n(2, 2, 5)], lambda a: F.interpolate(a, size=8))
row("nearest_2d", [n(1, 2, 3, 4)], lambda a: F.interpolate(a, scale_factor=(2.5, 0.7)))
row("nearest_3d", [n(1, 2, 2, 3, 2)], lambda a: F.interpolate(a, scale_factor=2.0))
row("nearest_exact", [n(1, 2, 3, 5)], lambda a: F.interpolate(a, size=(5, 3), mode="nearest-exact"))
row("linear", [n(2, 2, 5)], lambda a: F.interpolate(a, size=8, mode="linear"))
row("linear_down", [n(2, 2, 5)], lambda a: F.interpolate(a, size=3, mode="linear", align_corners=True))
row("bilinear", [n(1, 2, 3, 4)], lambda a: F.interpolate(a, scale_factor=(2.5, 1.3), mode="bilinear"))
row("bilinear_recompute", [n(1, 2, 3, 4)],
    lambda a: F.interpolate(a, scale_factor=(2.5, 1.3), mode="bilinear", recompute_scale_factor=True))
row("bilinear_corners", [n(1, 2, 3, 4)], lambda a: F.interpolate(a, size=(5, 7), mode="bilinear", align_corners=True))
row("bilinear_antialias", [n(1, 2, 7, 9)], lambda a: F.interpolate(a, size=(3, 4), mode="bilinear", antialias=True))
row("bicubic", [n(1, 2, 4, 5)], lambda a: F.interpolate(a, size=(7, 3), mode="bicubic"))
row("bicubic_corners", [n(1, 2, 4, 5)], lambda a: F.interpolate(a, size=(7, 3), mode="bicubic", align_corners=True))
row("bicubic_antialias", [n(1, 2, 7, 9)], lambda a: F.interpolate(a, size=(3, 4), mode="bicubic", antialias=True))
row("trilinear", [n(1, 1, 2, 3, 2)], lambda a: F.interpolate(a, size=(3, 4, 5), mode="trilinear"))
row("area_1d", [n(1, 2, 7)], lambda a: F.interpolate(a, size=3, mode="area"))
row("area_2d", [n(1, 2, 3, 5)], lambda a: F.interpolate(a, size=(2, 7), mode="area"))
row("unfold", [n(2, 3, 5, 6)], lambda a: F.unfold(a, (2, 3), dilation=(2, 1), padding=(1, 0), stride=(1, 2)))
row("fold", [n(2, 12, 12)], lambda a: F.fold(a, (4, 5), (2, 2)))
row("fold_strided", [n(8, 9)], lambda a: F.fold(a, (5, 6), (2, 2), dilation=(2, 1), padding=(1, 0), stride=(2, 2)))
row("pixel_shuffle", [n(2, 8, 2, 3)], lambda a: F.pixel_shuffle(a, 2))
row("pixel_unshuffle", [n(2, 4, 6)], lambda a: F.pixel_unshuffle(a, 2))

# Products, tables, distances, activations with options.
row("linear_layer", [n(2, 3, 4), n(5, 4), n(5)], F.linear)
row("bilinear_layer", [n(4, 3), n(4, 2), n(5, 3, 2), n(5)], F.bilinear)
row("bilinear_nd", [n(2, 2, 3), n(2, 2, 2), n(5, 3, 2)], F.bilinear)
i = torch.tensor([[0, 3, 3], [2, 1, 3]])
row("embedding", [i, n(4, 3)], lambda i, w: F.embedding(i, w, padding_idx=1))
row("embedding_freq", [i, n(4, 3)], lambda i, w: F.embedding(i, w, padding_idx=-2, scale_grad_by_freq=True))
row("embedding_max_norm", [i, c(n(4, 3))], lambda i, w: F.embedding(i, w.clone(), max_norm=0.8, norm_type=1.5))
for mode in ("sum", "mean", "max"):
    row(f"bag_{mode}", [i, n(4, 3)], lambda i, w: F.embedding_bag(i, w, mode=mode))
    row(f"bag_{mode}_offsets", [t(0, 3, 2, 1, 3), n(4, 3), t(0, 2, 2)], lambda i, w, o: F.embedding_bag(i, w, o, mode=mode, padding_idx=3))
row("bag_weights", [t(0, 3, 2, 1, 3), n(4, 3), t(0, 2, 5), n(5)],
    lambda i, w, o, s: F.embedding_bag(i, w, o, mode="sum", per_sample_weights=s, include_last_offset=True))
row("cosine_similarity", [n(3, 4), n(3, 4)], lambda a, b: F.cosine_similarity(a, b, dim=0))
row("pairwise_distance", [n(3, 4), n(3, 4)], lambda a, b: F.pairwise_distance(a, b, p=3, keepdim=True))
row("pdist", [n(4, 3)], lambda a: F.pdist(a, 2))
row("cdist", [n(2, 3, 3), n(2, 4, 3)], lambda a, b: torch.cdist(a, b, 1.5))

init("linear", lambda: nn.Linear(5, 3))
init("bilinear", lambda: nn.Bilinear(2, 3, 2))
init("embedding", lambda: nn.Embedding(4, 5, padding_idx=2))
init("embedding_bag", lambda: nn.EmbeddingBag(3, 4))
init("batch_norm", lambda: nn.BatchNorm1d(3))
init("layer_norm", lambda: nn.LayerNorm((2, 2)))
init("group_norm", lambda: nn.GroupNorm(2, 4))
init("prelu", lambda: nn.PReLU(3))


def noise(name, layer, *shape):
    seeded("noise_" + name, lambda: layer(torch.ones(shape)))


noise("dropout", nn.Dropout(0.3), 3, 7)
noise("dropout2d", nn.Dropout2d(0.4), 2, 5, 2, 2)
noise("dropout3d", nn.Dropout3d(0.4), 2, 3, 1, 2, 2)
noise("alpha", nn.AlphaDropout(0.3), 3, 7)
noise("feature_alpha", nn.FeatureAlphaDropout(0.3), 2, 5, 3)
noise("rrelu", lambda x: F.rrelu(-x, training=True), 3, 4)

write()
