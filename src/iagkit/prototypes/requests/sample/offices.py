"""The offices of the invented city: departments, workload, seasons, look-alikes."""

from typing import Final

DEPARTMENTS: Final = {
    "works": ("roads", "lighting", "water"),
    "environment": ("waste", "parks", "animals"),
    "mobility": ("transport", "inspection"),
    "administration": ("taxes", "permits", "civil_registry"),
    "people": ("social", "health", "education"),
}
PARENT: Final = {office: parent for parent, offices in DEPARTMENTS.items() for office in offices}

WORKLOAD: Final = {
    **{"waste": 1.4, "roads": 1.3, "lighting": 1.1, "water": 1.2, "parks": 1.0},
    **{"transport": 1.0, "taxes": 1.1, "permits": 0.8, "civil_registry": 0.7},
    **{"social": 0.9, "health": 1.0, "education": 0.8, "inspection": 1.1, "animals": 0.8},
}

# A clerk who picks the wrong office picks one of these.
LOOK_ALIKE: Final = {
    "waste": ("parks", "inspection", "animals"),
    "lighting": ("parks", "inspection", "roads"),
    "roads": ("water", "transport", "parks"),
    "water": ("roads", "taxes", "health"),
    "parks": ("waste", "lighting", "roads"),
    "transport": ("roads", "inspection", "education"),
    "taxes": ("permits", "water", "civil_registry"),
    "permits": ("taxes", "inspection", "civil_registry"),
    "civil_registry": ("social", "permits", "taxes"),
    "social": ("health", "education", "civil_registry"),
    "health": ("social", "education", "animals"),
    "education": ("social", "health", "transport"),
    "inspection": ("permits", "transport", "animals"),
    "animals": ("inspection", "health", "waste"),
}

# January to December, a city south of the equator: summer storms and mosquitoes, school
# enrolment before March, winter dark and flu, tax bills at the start of the year.
_EVEN = (1.0,) * 12
SEASONS: Final = dict.fromkeys(WORKLOAD, _EVEN) | {
    "water": (1.9, 1.8, 1.5, 1.0, 0.7, 0.6, 0.6, 0.7, 0.8, 1.0, 1.2, 1.7),
    "lighting": (0.7, 0.7, 0.9, 1.0, 1.3, 1.6, 1.6, 1.3, 1.0, 0.8, 0.7, 0.7),
    "parks": (1.2, 1.0, 0.9, 0.9, 0.8, 0.8, 0.8, 1.1, 1.5, 1.5, 1.3, 1.2),
    "taxes": (1.9, 1.7, 1.2, 0.8, 0.7, 0.8, 1.3, 0.8, 0.7, 0.7, 0.7, 0.9),
    "education": (1.4, 2.4, 2.1, 1.0, 0.8, 0.7, 0.6, 0.8, 0.8, 0.8, 1.0, 1.1),
    "health": (0.9, 0.9, 1.1, 1.2, 1.3, 1.4, 1.3, 1.1, 0.9, 0.8, 0.7, 0.7),
    "animals": (1.4, 1.3, 1.2, 1.0, 0.8, 0.7, 0.7, 0.8, 1.0, 1.1, 1.2, 1.3),
    "inspection": (1.3, 1.2, 1.0, 0.9, 0.8, 0.8, 0.8, 0.9, 1.0, 1.0, 1.1, 1.6),
}
