"""The recurrent network of the paper, by hand: what the lessons build, under the same names.

A module a lesson, each a step further: `neuron` (3), `network` (4), `backward` (5), `training` (6), `cell` (7);
`shipped` holds weights that somebody else has trained.

Conventions: a sequence is `(n_steps, n)`, a batch of them `(n_batch, n_steps, n)`; every function takes either. Parameters and
gradients are dicts of arrays, `W_xh (n_in, n_hidden)`, `W_hh (n_hidden, n_hidden)`, `W_hy (n_hidden, n_out)`, `b_h`, `b_y`.
Numbers in brackets are the paper's formulas, in our reading: (1) E = 1/2 sum_j (t_j - y_j)^2, summed over time;
(2) dw_ij = lr delta_j y_i with delta_j = (t_j - y_j) y_j (1 - y_j) = -dE/dz_j; (3) y = 1 / (1 + exp(-z)).
"""

from musiclab.rnn.backward import bptt, clip_global_norm, grad_norm_by_lag, numerical_gradient, relative_error
from musiclab.rnn.cell import forget_curve, init_lstm_params, lstm_forward, lstm_grad_norm_by_lag, lstm_step
from musiclab.rnn.network import init_params, rmse, rnn_forward, rnn_step, squared_error
from musiclab.rnn.neuron import delta_rule, init_weights, saturated_fraction, sigmoid, sigmoid_grad
from musiclab.rnn.shipped import shipped_params
from musiclab.rnn.training import rmse_over, sgd_step, silence_rmse, split_pieces, train_until

__all__ = [
    "bptt",
    "clip_global_norm",
    "delta_rule",
    "forget_curve",
    "grad_norm_by_lag",
    "init_lstm_params",
    "init_params",
    "init_weights",
    "lstm_forward",
    "lstm_grad_norm_by_lag",
    "lstm_step",
    "numerical_gradient",
    "relative_error",
    "rmse",
    "rmse_over",
    "rnn_forward",
    "rnn_step",
    "saturated_fraction",
    "sgd_step",
    "sigmoid",
    "sigmoid_grad",
    "shipped_params",
    "silence_rmse",
    "split_pieces",
    "squared_error",
    "train_until",
]
