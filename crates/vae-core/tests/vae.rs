//! Tests of the VAE through its public interface.
