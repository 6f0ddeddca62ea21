//! temporary
use burn::module::Module;
use burn::store::ModuleRecord;
use datasets::*;
use std::path::Path;
use studio::*;
fn latest(dir: &str) -> std::path::PathBuf {
    std::fs::read_dir(dir)
        .unwrap()
        .flatten()
        .map(|e| e.path())
        .find(|p| p.is_dir())
        .unwrap()
        .join("average.bpk")
}
fn main() {
    let a: Vec<String> = std::env::args().collect(); // vae_ck class_ck dataset out
    let ds: KnownDataset = a[3].parse().unwrap();
    let device = burn::tensor::Device::flex();
    let vc = vae_core::VaeConfig {
        likelihood: if a[1].contains("fashion") {
            vae_core::Likelihood::Gaussian
        } else {
            vae_core::Likelihood::Bernoulli
        },
        ..Default::default()
    };
    let vae = vc
        .init(&device)
        .unwrap()
        .try_load_record(ModuleRecord::load(latest(&a[1])).unwrap())
        .unwrap()
        .valid();
    let data = load(ds, &Path::new("/work/shared/data").join(ds.slug())).unwrap();
    let t = std::time::Instant::now();
    let fit = vae_core::fit_latent(
        &vae,
        &data.train,
        10,
        a.get(5).map_or(5, |k| k.parse().unwrap()),
        Seed(0),
    )
    .unwrap();
    println!(
        "fit {:?} active {} sigma {}",
        t.elapsed(),
        fit.stats.active_units(),
        fit.pixel_sigma
    );
    let rc = classifier::ResNetConfig {
        width: 16,
        pixel_mean: if a[2].contains("fashion") {
            0.2861
        } else {
            0.1307
        },
        pixel_std: if a[2].contains("fashion") {
            0.3530
        } else {
            0.3081
        },
        ..Default::default()
    };
    let net = rc
        .init(&device)
        .unwrap()
        .try_load_record(ModuleRecord::load(latest(&a[2])).unwrap())
        .unwrap()
        .valid();
    let names: Vec<String> = ds.class_names().iter().map(|s| s.to_string()).collect();
    let rec = |p: usize| TrainingRecord {
        command: "dev".into(),
        settings: String::new(),
        seed: Seed(0),
        epochs: 5,
        images: 55000,
        parameters: p,
        device: "dev".into(),
        history: vec![],
    };
    let mut b = Bundle::open_or_empty(Path::new(&a[4]), ds.slug(), &names, &device).unwrap();
    let p = VaePart {
        config: vc,
        training: rec(vae.num_params()),
        latent: fit.stats,
        regions: fit.regions,
        sigma: None,
    };
    b.set_vae(vae, p);
    let p = ClassifierPart {
        config: rc,
        training: rec(net.num_params()),
        temperature: 1.0,
    };
    b.set_classifier(net, p);
    b.save(Path::new(&a[4])).unwrap();
    let s = Studio::open(&a[4].parse().unwrap(), &device).unwrap();
    if a.len() > 5 {
        let t = std::time::Instant::now();
        let r = evaluate(
            &s,
            &data,
            &EvaluateOptions {
                only: [
                    "anchored_agreement",
                    "prior_histogram_kl",
                    "reconstruction_accuracy",
                    "reconstruction_mse",
                ]
                .map(String::from)
                .to_vec(),
                ..Default::default()
            },
            &mut |p| {
                if p.done % 5000 == 0 {
                    println!("{p:?}")
                }
            },
        )
        .unwrap();
        println!("evaluate {:?}", t.elapsed());
        for f in &r.figures {
            println!("{} {} {:?} {:?}", f.name, f.value, f.low, f.high);
            if let Detail::Sweep(p) = &f.detail {
                println!("{p:?}");
            }
        }
        write_report(Path::new(&a[4]), r).unwrap();
    }
    for l in classifier::Stage::ALL {
        let mut q = FrameRequest::new(vec![0.1; 32]);
        q.layer = l;
        q.target = Some(ClassId(3));
        for _ in 0..3 {
            let f = s.frame(&q).unwrap();
            println!("{l} {:?} {:?}", f.timings, f.prediction.class);
        }
    }
}
