"""batman (Kreidberg 2015): light curves of transits with quadratic limb darkening, at single separations and over whole orbits."""

import numpy as np
from batman import TransitModel, TransitParams, _quadratic_ld

from . import case

room = "../../lab/src/flows/exoplanet"


def away(z, p):
    """Off the points where batman itself fails: z = p and z = |1 − p|."""
    return (np.abs(z - p) > 1e-4) & (np.abs(z - np.abs(1 - p)) > 1e-4)


@case("transit-flux", room)
def flux():
    rng = np.random.default_rng(20021)
    p = np.exp(rng.uniform(np.log(0.003), np.log(1.8), 500))
    z = rng.uniform(0, 1 + p)
    keep = away(z, p)
    p, z = p[keep], z[keep]
    u1, u2 = rng.uniform(0.1, 0.7, p.size), rng.uniform(0, 0.35, p.size)
    values = [_quadratic_ld._quadratic_ld(np.array([zi]), pi, ai, bi, 1)[0] for zi, pi, ai, bi in zip(z, p, u1, u2)]
    columns = np.round([z, p, u1, u2], 6)
    values = [_quadratic_ld._quadratic_ld(np.array([zi]), pi, ai, bi, 1)[0] for zi, pi, ai, bi in columns.T]
    return {"z": columns[0], "p": columns[1], "u1": columns[2], "u2": columns[3], "flux": values}


def orbit(period, p, b, a, u1, u2, phases):
    params = TransitParams()
    params.t0, params.per, params.rp, params.a, params.inc = 0.0, period, p, a, np.degrees(np.arccos(b / a))
    params.ecc, params.w, params.u, params.limb_dark = 0.0, 90.0, [u1, u2], "quadratic"
    return TransitModel(params, phases * period).light_curve(params)


@case("transit-orbits", room)
def orbits():
    """Duration and depth of each orbit are given as the curve's own input; every 25th point in transit is kept."""
    x = np.linspace(-1, 1, 2001)
    spread = np.arcsinh(0.5 / 2e-4)
    phases = 0.5 * np.sinh(spread * x) / np.sinh(spread)
    out = []
    for period, p, b, a, steff, slogg, u1, u2 in [
        (3.5, 0.1, 0.3, 9.0, 5500, 4, 0.448, 0.236),
        (40.0, 0.02, 0.61, 55.0, 5000, 5, 0.57, 0.151),
        (1.2, 0.31, 0.9, 4.2, 7000, 3, 0.277, 0.308),
        (365.25, 0.0092, 0.05, 215.0, 6000, 4, 0.353, 0.29),
    ]:
        duty = np.arcsin(np.sqrt(((1 + p) ** 2 - b**2) / (a**2 - b**2))) / np.pi
        curve = orbit(period, p, b, a, u1, u2, phases)
        points = np.flatnonzero(np.abs(phases) < 0.7 * duty)[::25]
        out.append({
            "signal": {"periodDays": period, "durationHours": duty * period * 24, "depthPpm": (1 - curve[1000]) * 1e6, "impact": b, "steff": steff, "slogg": slogg},
            "radiusRatio": p, "points": points, "flux": curve[points],
        })
    return out
