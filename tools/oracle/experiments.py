"""Two groups of an experiment: statsmodels and scipy."""

import numpy as np
from scipy import integrate, stats
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import confint_proportions_2indep, power_proportions_2indep

from . import case


@case("experiments", room="metrics")
def experiments():
    rng = np.random.default_rng(9)
    counts = [(200, 1000, 250, 1000), (0, 40, 3, 50), (7, 7, 5, 9), (512, 90_000, 60, 10_000)]
    shares = []
    for ones, count, other, others in counts:
        low, high = confint_proportions_2indep(other, others, ones, count, method="newcomb", compare="diff")
        table = [[ones, count - ones], [other, others - other]]
        shares.append({"counts": [ones, count, other, others], "low": low, "high": high, "p": stats.chi2_contingency(table, correction=False).pvalue})
    means = []
    for n, m, scale in [(40, 60, 1.0), (5, 300, 3.0), (2, 2, 1.0)]:
        first, second = rng.normal(1, 1, n).round(3), rng.normal(1.4, scale, m).round(3)
        test = stats.ttest_ind(second, first, equal_var=False)
        ends = test.confidence_interval(0.9)
        means.append({"first": first, "second": second, "low": ends.low, "high": ends.high, "p": test.pvalue})
    ratios = []
    for observed, share in [([5120, 4880], [0.5, 0.5]), ([930, 70], [0.9, 0.1]), ([400, 300, 350], [0.4, 0.3, 0.3])]:
        n = sum(observed)
        test = stats.chisquare(observed, [n * s for s in share])
        prior = 1000 * np.array(share)
        ratio = stats.dirichlet_multinomial.logpmf(observed, prior, n) - stats.multinomial.logpmf(observed, n, share)
        ratios.append({"counts": observed, "shares": share, "chi": test.statistic, "p": test.pvalue, "always": min(1, np.exp(-ratio))})
    mixtures = []
    for difference, error, n in [(0.05, 0.02, 1000), (0.3, 0.05, 800), (-1.0, 0.4, 20_000), (0.01, 0.02, 100)]:
        twice = -2 * np.log(0.05)
        spread = error * np.sqrt(n * (twice + np.log(twice + 1)) / 5000)
        likely = lambda effect: np.exp((2 * difference * effect - effect * effect) / (2 * error * error)) * stats.norm.pdf(effect, 0, spread)
        middle = difference * spread**2 / (spread**2 + error**2)
        wide = 12 * error
        value, _ = integrate.quad(likely, middle - wide, middle + wide, epsabs=0, epsrel=1e-12)
        mixtures.append({"difference": difference, "error": error, "count": n, "p": min(1, 1 / value)})
    powers = []
    for effect, sd, power, ratio in [(0.1, 1.0, 0.8, 0.5), (2.0, 5.0, 0.95, 0.25)]:
        first = NormalIndPower().solve_power(effect / sd, alpha=0.05, power=power, ratio=ratio / (1 - ratio))
        powers.append({"effect": effect, "sd": sd, "power": power, "ratio": ratio, "first": first})
    chances = []
    for baseline, effect, n in [(0.1, 0.01, 29_498), (0.4, -0.1, 600)]:
        chances.append({"baseline": baseline, "effect": effect, "total": n, "power": power_proportions_2indep(effect, baseline, n / 2, ratio=1).power})
    return {"shares": shares, "means": means, "ratios": ratios, "mixtures": mixtures, "powers": powers, "chances": chances}
