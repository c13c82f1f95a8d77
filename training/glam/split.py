"""Patients to training, validation and test by a hash of the patient's name, the same on every machine."""

import hashlib


def order(patient):
    """A number in 0..1 that only the patient's name decides."""
    return int(hashlib.sha256(patient.encode()).hexdigest()[:12], 16) / 16**12


def split(strata, shares):
    """Patients to the name of their part.

    strata: {patient: anything that sorts, such as label and scanner}; of each stratum every part gets its share.
    shares: {"train": 0.7, "val": 0.15, "test": 0.15}, in this order.
    """
    groups = {}
    for patient in sorted(strata, key=order):
        groups.setdefault(strata[patient], []).append(patient)
    parts = {}
    for patients in groups.values():
        end = 0
        for number, patient in enumerate(patients):
            position, end = (number + 0.5) / len(patients), 0
            for name, share in shares.items():
                end += share
                if position < end + 1e-9:
                    parts[patient] = name
                    break
    return parts
