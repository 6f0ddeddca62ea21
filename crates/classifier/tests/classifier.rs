//! Tests of the classifier through its public interface.
