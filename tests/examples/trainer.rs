//! temporary
use datasets::*;
use std::str::FromStr;
use training::*;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let ds = KnownDataset::from_str(&a[2]).unwrap();
    let epochs: usize = a[3].parse().unwrap();
    let out = std::path::Path::new(&a[4]);
    let max_steps: usize = a.get(5).map_or(usize::MAX, |s| s.parse().unwrap());
    let data = load(
        ds,
        &std::path::Path::new("/work/shared/data").join(ds.slug()),
    )
    .unwrap();
    let cancel = CancelToken::new();
    let c2 = cancel.clone();
    let mut k = 0;
    let mut watch = |e: Event<'_>| match e {
        Event::Step(p) => {
            k += 1;
            if k % 20 == 0 {
                println!(
                    "e{} {}/{} loss {:.4} {:.0} img/s eta {:?}",
                    p.epoch, p.step, p.steps, p.loss, p.images_per_second, p.eta
                );
            }
            if k >= max_steps {
                c2.cancel()
            }
        }
        Event::Epoch(r) => println!("{r:?}"),
    };
    let device = burn::tensor::Device::flex();
    match a[1].as_str() {
        "vae" => {
            let ck = Checkpoints::new(out.join("checkpoint-vae"));
            let run = training::Fit {
                checkpoints: Some(&ck),
                resume: true,
                cancel: &cancel,
                watch: &mut watch,
            };
            let like = if ds == KnownDataset::Mnist {
                vae_core::Likelihood::Bernoulli
            } else {
                vae_core::Likelihood::Gaussian
            };
            let config = vae_core::VaeConfig {
                likelihood: like,
                ..Default::default()
            };
            let s = vae_core::TrainConfig {
                epochs,
                ..Default::default()
            };
            let t = vae_core::train(&config, &s, &data.train, &data.held_out, 10, &device, run)
                .unwrap();
            if let Some(t) = t {
                println!(
                    "active {} sigma {} kl {:?}",
                    t.latent.stats.active_units(),
                    t.latent.pixel_sigma,
                    t.latent.stats.kl_nats
                );
            }
        }
        _ => {
            let ck = Checkpoints::new(out.join("checkpoint-classifier"));
            let run = training::Fit {
                checkpoints: Some(&ck),
                resume: true,
                cancel: &cancel,
                watch: &mut watch,
            };
            let config = classifier::ResNetConfig {
                width: a[6].parse().unwrap(),
                ..Default::default()
            };
            let aug = if ds == KnownDataset::Mnist {
                classifier::Augmentation::digits()
            } else {
                classifier::Augmentation::clothes()
            };
            let s = classifier::TrainConfig {
                epochs,
                augmentation: aug,
                ..Default::default()
            };
            let t =
                classifier::train(&config, &s, &data.train, &data.held_out, &device, run).unwrap();
            if let Some(t) = t {
                println!("temperature {}", t.temperature);
            }
        }
    }
}
