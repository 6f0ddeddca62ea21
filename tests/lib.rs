//! Nothing but a home for the acceptance tests in `tests/`.
