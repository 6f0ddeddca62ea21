//! Models with a refiner: samples are measured as they are drawn, sharpened, and the VAE as it is.

use evaluation::evaluate;
use studio::Figure;

use crate::support::{bundle, refined, studio_of};
use crate::{only, splits};

const NAMES: [&str; 3] = [
    "anchored_variance_ratio",
    "classifier_fd",
    "reconstruction_mse",
];

fn figures(sharp: bool) -> [Figure; 3] {
    let bundle = if sharp { refined(bundle()) } else { bundle() };
    let studio = studio_of(bundle);
    let report = evaluate(&studio, &splits(), &only(&NAMES), &mut |_| {}).expect("figures");
    NAMES.map(|name| report.figure(name).expect("it was asked for").clone())
}

#[test]
fn samples_are_sharpened_and_reconstructions_are_not() {
    let (plain, refined) = (figures(false), figures(true));
    for (plain, refined) in plain.iter().zip(&refined).take(2) {
        let name = &plain.name;
        assert!(
            (plain.value - refined.value).abs() > 1e-9,
            "{name} saw no refiner"
        );
        let told = "; sharpened by the refiner in 3 steps";
        assert_eq!(refined.protocol, format!("{}{told}", plain.protocol));
    }
    let [_, _, of_the_vae] = &refined;
    assert_eq!(of_the_vae.value.to_bits(), plain[2].value.to_bits());
    assert!(
        of_the_vae
            .protocol
            .ends_with("of the VAE alone, not sharpened")
    );
}
