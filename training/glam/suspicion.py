"""Soft targets of lesions: the pathology, moved a little by radiologists' findings.

A benign mass with spiculated margins gets a less benign target than a round one. The findings come from the set's list
(`findings`); weights are fitted on training images only, and no network reads findings.
"""

import numpy as np

WORDS = ("SPICULATED", "ILL_DEFINED", "CIRCUMSCRIBED", "OBSCURED", "MICROLOBULATED", "IRREGULAR", "LOBULATED", "OVAL", "ROUND", "DISTORTION",
         "ASYMMETRIC", "LYMPH")
# Share of a target that the findings decide, and the value for a lesion without findings.
SHARE, SURE = 0.4, (0.05, 0.95)


def features(findings):
    """[1, a number for each word and each BI-RADS assessment]."""
    text, assessment = findings.rsplit(" / ", 1)
    return [1.0] + [float(word in text) for word in WORDS] + [float(str(n) in assessment.split("|")) for n in range(6)]


def suspicion(findings, malignant, trains):
    """[N,2] of each image: what a benign and what a malignant lesion of it are taken to be, 0..1.

    Logistic regression with a ridge of 2, by Newton's method, on the images that train and have one kind of lesion only.
    """
    out = np.tile(np.float32(SURE), (len(findings), 1))
    known = np.array([" / " in text for text in findings])
    if not (known & trains).any():
        return out
    x = np.array([features(text) if " / " in text else [0.0] * (7 + len(WORDS)) for text in findings])
    y, weights = np.asarray(malignant, float), np.zeros(x.shape[1])
    fit = x[known & trains], y[known & trains]
    for _ in range(50):
        p = 1 / (1 + np.exp(-fit[0] @ weights))
        gradient = fit[0].T @ (p - fit[1]) + 2 * weights
        hessian = (fit[0] * (p * (1 - p))[:, None]).T @ fit[0] + 2 * np.eye(len(weights))
        weights -= np.linalg.solve(hessian, gradient)
    looks = 1 / (1 + np.exp(-x[known] @ weights))
    out[known] = np.stack([SHARE * looks, 1 - SHARE + SHARE * looks], 1)
    return out
