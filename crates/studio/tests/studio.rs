//! Tests of the studio through its public interface.
