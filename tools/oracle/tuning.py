"""Optuna 4.9's tree-structured Parzen estimator, pruners, hypervolumes and importances on fixed histories."""

import warnings

import numpy as np
import optuna
from optuna._hypervolume import compute_hypervolume
from optuna._hypervolume.hssp import _solve_hssp
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.importance import FanovaImportanceEvaluator
from optuna.samplers import TPESampler
from optuna.samplers._tpe.parzen_estimator import _ParzenEstimator, _ParzenEstimatorParameters
from optuna.samplers._tpe.sampler import _calculate_weights_below_for_multi_objective, _get_reference_point, _split_trials, default_gamma, default_weights
from optuna.trial import TrialState, create_trial
from scipy.special import log_ndtr, ndtr
from scipy.stats import wilcoxon
from scipy.stats._continuous_distns import _log_gauss_mass

from . import case

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)

SPACES = {
    "float": {"x": {"type": "float", "low": -3.0, "high": 5.0}},
    "log": {"x": {"type": "float", "low": 1e-4, "high": 10.0, "log": True}},
    "step": {"x": {"type": "float", "low": 0.0, "high": 2.0, "step": 0.25}},
    "int": {"x": {"type": "int", "low": 1, "high": 40}},
    "int-step": {"x": {"type": "int", "low": 10, "high": 100, "step": 10}},
    "int-log": {"x": {"type": "int", "low": 1, "high": 300, "log": True}},
    "choices": {"x": {"type": "categorical", "choices": ["a", "b", "c", "d"]}},
    "mixed": {
        "x": {"type": "float", "low": -3.0, "high": 5.0},
        "c": {"type": "float", "low": 1e-4, "high": 10.0, "log": True},
        "k": {"type": "int", "low": 1, "high": 40},
        "kind": {"type": "categorical", "choices": ["a", "b", "c"]},
    },
}


def distribution(entry):
    kind, *_ = entry.values()
    if kind == "categorical":
        return CategoricalDistribution(entry["choices"])
    options = {key: value for key, value in entry.items() if key != "type"}
    return (FloatDistribution if kind == "float" else IntDistribution)(**options)


def draws(space, random, n):
    """Codes of n draws for each parameter, all different where it has so many values: NumPy's sort gives equal ones widths in any order."""
    codes = {}
    for name, entry in space.items():
        if entry["type"] == "categorical":
            codes[name] = random.integers(len(entry["choices"]), size=n).astype(float)
            continue
        step = entry.get("step", 1 if entry["type"] == "int" else 0)
        grid = np.arange(entry["low"], entry["high"] + step / 2, step) if step else []
        if len(grid) >= n and step:
            codes[name] = random.permutation(grid)[:n].astype(float)
            continue
        low, high = (np.log([entry["low"], entry["high"]]) if entry.get("log") else (entry["low"], entry["high"]))
        values = random.uniform(low, high, size=n)
        values = np.exp(values) if entry.get("log") else values
        codes[name] = np.round(entry["low"] + np.round((values - entry["low"]) / step) * step if step else values, 8)
    return codes


@case("parzen")
def parzen():
    random = np.random.default_rng(7)
    cases = []
    for name, space in SPACES.items():
        distributions = {key: distribution(entry) for key, entry in space.items()}
        for n in (0, 1, 9, 31):
            if n == 31 and name in ("step", "int-step"):
                continue
            observations, points = draws(space, random, n), draws(space, random, 6)
            for options in ({}, {"consider_endpoints": True, "consider_magic_clip": False}, {"multivariate": True, "prior_weight": 0.5}):
                all_options = {"prior_weight": 1.0, "consider_magic_clip": True, "consider_endpoints": False, "multivariate": False, **options}
                parameters = _ParzenEstimatorParameters(weights=default_weights, categorical_distance_func={}, **all_options)
                estimator = _ParzenEstimator(observations, distributions, parameters)
                mixture = estimator._mixture_distribution
                kernels = [{"mus": d.mu, "sigmas": d.sigma} if hasattr(d, "mu") else None for d in mixture.distributions]
                cases.append({
                    "name": f"{name} of {n}", "space": space, "options": all_options, "observations": list(observations.values()), "points": list(points.values()),
                    "weights": mixture.weights[-2:], "kernels": [k and {key: value[-2:] for key, value in k.items()} for k in kernels],
                    "log_pdf": estimator.log_pdf(points),
                })  # fmt: skip
    return cases


def history(random, n, directions, pruned):
    """Trials of which some were pruned on the way."""
    trials = []
    for number in range(n):
        values = [float(np.round(v, 3)) for v in random.normal(size=len(directions))]
        reports = [[step, float(np.round(v, 2))] for step, v in enumerate(random.normal(size=random.integers(0, 5)))]
        state = "pruned" if len(directions) == 1 and random.random() < pruned else "completed"
        trials.append({"number": number, "state": state, "values": None if state == "pruned" else values, "intermediate": reports if state == "pruned" else []})
    return trials


def study_of(trials, directions, **more):
    study = optuna.create_study(directions=directions, **more)
    for trial in trials:
        study.add_trial(create_trial(
            state=TrialState.PRUNED if trial["state"] == "pruned" else TrialState.COMPLETE,
            values=trial["values"], intermediate_values=dict(trial["intermediate"]),
        ))  # fmt: skip
    return study


@case("split-trials")
def split():
    random = np.random.default_rng(11)
    cases = []
    for directions in (["minimize"], ["maximize"], ["minimize", "maximize"], ["minimize", "minimize", "maximize"]):
        for n in (3, 12, 36):
            for count in (default_gamma(n), n // 3, n - 1):
                trials = history(random, n, directions, 0.8 if count == n - 1 else 0.3)
                study = study_of(trials, directions)
                below, _ = _split_trials(study, study.trials, count, False)
                weights = _calculate_weights_below_for_multi_objective(study, below, None) if len(directions) > 1 else None
                cases.append({"directions": directions, "trials": trials, "count": count, "below": [t.number for t in below], "weights": weights})
    return cases


@case("hypervolume")
def hypervolume():
    random = np.random.default_rng(3)
    cases = []
    for m in (2, 3, 4):
        for n in (1, 2, 7, 15):
            points = random.uniform(0.05, 1, size=(n, m))
            points = np.round(-points / np.linalg.norm(points, axis=1, keepdims=True), 4)  # one front
            reference = _get_reference_point(points)
            count = max(1, n // 3)
            chosen = _solve_hssp(points, np.arange(n), count, reference)
            cases.append({"points": points, "reference": reference, "volume": compute_hypervolume(points, reference), "chosen": sorted(chosen.tolist())})
    return cases


PRUNERS = {
    "median": ({"startupTrials": 2}, lambda: optuna.pruners.MedianPruner(n_startup_trials=2)),
    "median warm": ({"startupTrials": 3, "warmupSteps": 2, "intervalSteps": 3, "minTrials": 2}, lambda: optuna.pruners.MedianPruner(n_startup_trials=3, n_warmup_steps=2, interval_steps=3, n_min_trials=2)),
    "percentile": ({"percentile": 30, "startupTrials": 1}, lambda: optuna.pruners.PercentilePruner(30.0, n_startup_trials=1)),
    "successive_halving": ({}, lambda: optuna.pruners.SuccessiveHalvingPruner()),
    "successive_halving early": ({"minResource": 1, "reductionFactor": 2}, lambda: optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=2)),
    "successive_halving late": (
        {"minResource": 1, "reductionFactor": 3, "minEarlyStoppingRate": 1, "bootstrapCount": 2},
        lambda: optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=3, min_early_stopping_rate=1, bootstrap_count=2),
    ),
    "hyperband": ({"maxResource": 12}, lambda: optuna.pruners.HyperbandPruner(max_resource=12)),
    "hyperband auto": ({"reductionFactor": 2}, lambda: optuna.pruners.HyperbandPruner(reduction_factor=2)),
    "threshold": ({"lower": -1, "upper": 1.5, "warmupSteps": 1, "intervalSteps": 2}, lambda: optuna.pruners.ThresholdPruner(lower=-1, upper=1.5, n_warmup_steps=1, interval_steps=2)),
    "patient": ({"patience": 1, "minDelta": 0.05}, lambda: optuna.pruners.PatientPruner(None, patience=1, min_delta=0.05)),
    "patient median": ({"pruner": {"name": "median", "startupTrials": 1}, "patience": 1}, lambda: optuna.pruners.PatientPruner(optuna.pruners.MedianPruner(n_startup_trials=1), patience=1)),
    "wilcoxon": ({"pThreshold": 0.2}, lambda: optuna.pruners.WilcoxonPruner(p_threshold=0.2)),
}


@case("pruners")
def pruners():
    random = np.random.default_rng(5)
    steps = np.arange(1, 13)
    levels = random.normal(size=30)
    curves = np.round(levels[:, None] + 2 / steps + random.normal(scale=0.4, size=(30, 12)), 3)
    curves[7, 3] = curves[11, 0] = np.nan
    decisions = []
    for name, (options, make) in PRUNERS.items():
        for direction in ("minimize", "maximize"):
            study = optuna.create_study(direction=direction, pruner=make(), study_name="curves", sampler=optuna.samplers.RandomSampler(seed=1))
            ends = []
            for curve in curves:
                trial = study.ask()
                for step, value in zip(steps, curve):
                    trial.report(value, int(step))
                    if trial.should_prune():
                        study.tell(trial, state=TrialState.PRUNED)
                        ends.append(int(step))
                        break
                else:
                    study.tell(trial, float(np.nanmean(curve)) if np.isfinite(curve).any() else 0.0)
                    ends.append(0)
            decisions.append({"name": name.split(" ")[0], "options": options, "direction": direction, "ends": ends})
    text = [[None if np.isnan(v) else v for v in curve] for curve in curves.tolist()]
    return {"curves": text, "decisions": decisions}


@case("signed-rank")
def signed_rank():
    random = np.random.default_rng(9)
    samples = [random.normal(0.3, 1, size=n) for n in (2, 5, 13, 40, 50, 70)]
    samples += [random.integers(-2, 4, size=n) / 2 for n in (4, 10, 13, 30, 60)]
    samples += [np.zeros(3), np.array([1.0, 1.0, -1.0])]
    return [{"differences": np.round(s, 6), "p": wilcoxon(np.round(s, 6), alternative="greater", zero_method="zsplit").pvalue} for s in samples]


@case("param-importance")
def param_importance():
    objectives = {
        "one above all": lambda t: 10 * t.suggest_float("a", 0, 1) + t.suggest_float("b", 0, 1) + 0.1 * t.suggest_float("c", 0, 1),
        "choices": lambda t: {"p": 0, "q": 5, "r": 1}[t.suggest_categorical("kind", ["p", "q", "r"])] + 2 * t.suggest_float("x", 0, 1) + 0.2 * t.suggest_int("k", 1, 5),
        "curved": lambda t: (t.suggest_float("x", -3, 3)) ** 2 + 3 * np.sin(t.suggest_float("y", 0, 3)) + 0.1 * t.suggest_int("z", 0, 4),
    }
    cases = []
    for name, objective in objectives.items():
        study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=2))
        study.optimize(objective, n_trials=80)
        importances = optuna.importance.get_param_importances(study, evaluator=FanovaImportanceEvaluator(seed=0))
        space = {}
        for key, d in study.trials[0].distributions.items():
            space[key] = {"type": "categorical", "choices": list(d.choices)} if isinstance(d, CategoricalDistribution) else {"type": "int" if isinstance(d, IntDistribution) else "float", "low": d.low, "high": d.high}
        trials = [{"params": t.params, "value": float(t.value)} for t in study.trials]
        cases.append({"name": name, "space": space, "trials": trials, "importances": [[k, round(v, 4)] for k, v in importances.items()]})
    return cases


@case("normal-share", room="numeric")
def normal_share():
    z = np.round(np.concatenate([np.linspace(-37, 8, 60), [-0.66, -0.6, 0, 0.6, 0.66, -5.65, -5.66]]), 3)
    masses = [[a, a + width] for a in (-30.0, -8.0, -1.0, 0.0, 2.5, 12.0) for width in (0.01, 1.0, 9.0)]
    log_mass = [_log_gauss_mass(np.array([a]), np.array([b])).real[0] for a, b in masses]
    return {"z": z, "share": ndtr(z), "log_share": log_ndtr(z), "masses": masses, "log_mass": log_mass}


@case("default-sampler")
def default_sampler():
    """What the defaults are."""
    sampler = TPESampler()
    parameters = sampler._parzen_estimator_parameters
    return {
        "startup": sampler._n_startup_trials, "candidates": sampler._n_ei_candidates, "prior_weight": parameters.prior_weight,
        "magic_clip": parameters.consider_magic_clip, "endpoints": parameters.consider_endpoints,
        "multivariate": sampler._multivariate, "group": sampler._group, "gamma": [default_gamma(n) for n in range(0, 400, 7)],
        "weights": default_weights(40),
    }  # fmt: skip
