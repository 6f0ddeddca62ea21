//! The findings as text for people and as JSON for scripts.

use std::time::Duration;

use burn::tensor::wgpu::wgpu::AdapterInfo;
use serde_json::{Value, json};
use studio::Parity;

use super::{
    Findings, ModelCheck, TIMED,
    machine::{cpu_features, cpu_text, locked_version, threads, versions_text},
};
use crate::{
    device,
    model::parity_text,
    table::{Align, Table},
};

/// For people.
pub fn text(findings: &Findings) -> String {
    let mut lines = vec![
        format!(
            "latent-lens {}, {}",
            env!("CARGO_PKG_VERSION"),
            versions_text()
        ),
        format!(
            "{} {}, {}",
            std::env::consts::OS,
            std::env::consts::ARCH,
            cpu_text()
        ),
        String::new(),
        "Graphics adapters".to_owned(),
        adapter_table(&findings.adapters),
        format!(
            "--device auto takes: {}, because {}",
            findings.auto.label, findings.auto.reason
        ),
        String::new(),
        "Models inside this program, on the CPU".to_owned(),
    ];
    lines.extend(findings.models.iter().map(model_text));
    match &findings.gpu {
        None => {}
        Some(Err(error)) => lines.push(format!("\nGraphics check failed: {error}")),
        Some(Ok((label, parity))) => {
            let verdict = if parity.holds() {
                "agrees"
            } else {
                "does NOT agree"
            };
            lines.push(format!(
                "\nGraphics check: {label} {verdict} with the CPU; {}",
                parity_text(parity)
            ));
        }
    }
    lines.join("\n")
}

fn adapter_table(adapters: &[AdapterInfo]) -> String {
    if adapters.is_empty() {
        return "  none found".to_owned();
    }
    let mut table = Table::new(
        ["  name", "type", "backend", "driver", "--device auto"]
            .map(|heading| (heading, Align::Left)),
    );
    for adapter in adapters {
        table.row([
            format!("  {}", adapter.name),
            format!("{:?}", adapter.device_type),
            adapter.backend.to_string(),
            format!("{} {}", adapter.driver, adapter.driver_info)
                .trim()
                .to_owned(),
            if device::is_trusted(adapter) {
                "may use it"
            } else {
                "passes over it"
            }
            .to_owned(),
        ]);
    }
    table.render()
}

fn model_text(check: &ModelCheck) -> String {
    let title = check.dataset.title();
    match &check.result {
        Err(error) => format!("  {title}: {error}"),
        Ok(opened) => format!(
            "  {title}: opens in {:.0} ms; a frame takes {:.2} ms (decode {:.2}, classify {:.2}, explain {:.2})",
            milliseconds(opened.open),
            milliseconds(opened.frame.total()),
            milliseconds(opened.frame.decode),
            milliseconds(opened.frame.classify),
            milliseconds(opened.frame.explain),
        ),
    }
}

/// For scripts.
pub fn to_json(findings: &Findings) -> Value {
    let adapters = findings.adapters.iter().map(|adapter| {
        json!({
            "name": adapter.name,
            "type": format!("{:?}", adapter.device_type),
            "backend": adapter.backend.to_string(),
            "driver": adapter.driver,
            "driver_info": adapter.driver_info,
            "auto_may_use": device::is_trusted(adapter),
        })
    });
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "burn": locked_version("burn"),
        "wgpu": locked_version("wgpu"),
        "os": std::env::consts::OS,
        "arch": std::env::consts::ARCH,
        "threads": threads(),
        "cpu_features": cpu_features(),
        "adapters": adapters.collect::<Vec<_>>(),
        "auto": {
            "device": findings.auto.label,
            "is_gpu": findings.auto.is_gpu,
            "reason": findings.auto.reason,
        },
        "models": findings.models.iter().map(model_json).collect::<Vec<_>>(),
        "gpu_check": findings.gpu.as_ref().map(gpu_json),
    })
}

fn model_json(check: &ModelCheck) -> Value {
    let name = check.dataset.slug();
    match &check.result {
        Err(error) => json!({ "model": name, "opens": false, "error": error }),
        Ok(opened) => json!({
            "model": name,
            "opens": true,
            "model_sha256": opened.model_sha256,
            "open_ms": milliseconds(opened.open),
            "frame_ms": {
                "decode": milliseconds(opened.frame.decode),
                "classify": milliseconds(opened.frame.classify),
                "explain": milliseconds(opened.frame.explain),
                "total": milliseconds(opened.frame.total()),
                "n": TIMED,
            },
        }),
    }
}

fn gpu_json(check: &Result<(String, Parity), String>) -> Value {
    match check {
        Err(error) => json!({ "agrees": false, "error": error }),
        Ok((label, parity)) => json!({
            "device": label,
            "agrees": parity.holds(),
            "difference": parity,
            "allowed": Parity::TOLERANCE,
        }),
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
