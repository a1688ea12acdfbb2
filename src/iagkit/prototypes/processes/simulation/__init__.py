"""A process as a model that can be run: what would happen if something were done otherwise.

A :class:`~iagkit.prototypes.processes.simulation.model.Model` declares arrivals, the way of the
cases, work and delays, pools and their hours, and the order in which work is taken.
:func:`~iagkit.prototypes.processes.simulation.engine.simulate` runs it. Everything random is drawn
before the first case arrives, from streams of its own for each purpose and case, so that two
models that differ in staff are run with the same arrivals, ways and work.
"""
