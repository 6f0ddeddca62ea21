//! Fitting class regions: on all images of each class, and then again on those that are typical for it.

use datasets::Seed;
use nalgebra::DMatrix;
use rayon::prelude::*;

use crate::mixture::fit_mixture;
use crate::{
    ClassRegion, ClassRegions, Encodings, Given, LatentSpaceError, RegionConfig, Typical,
    TypicalChoice, TypicalRule,
};

impl Encodings {
    /// The regions, and what was chosen for each class if [`Typical::Chosen`] asks for a choice.
    pub(crate) fn regions(
        &self,
        held_out: &Self,
        config: RegionConfig,
        seed: Seed,
    ) -> Result<(ClassRegions, Vec<TypicalChoice>), LatentSpaceError> {
        let fit = |region: usize, members: &[usize]| {
            let name = || match self.classes {
                0 => "the set".to_owned(),
                _ => format!("class {region}"),
            };
            let seed = seed.derive(region as u64 + 1);
            self.region(members, config.components, seed, name)
        };
        if self.classes == 0 {
            let all: Vec<usize> = (0..self.len()).collect();
            return Ok((ClassRegions(vec![fit(0, &all)?]), Vec::new()));
        }
        let classes = (0..self.classes).into_par_iter();
        let all = classes
            .clone()
            .map(|class| fit(class, &self.members(class)));
        let first = ClassRegions(all.collect::<Result<_, _>>()?);
        let own = self.own_probabilities(&first);
        let (thresholds, choices) = match config.typical {
            Typical::AtLeast(threshold) => (vec![threshold; self.classes], Vec::new()),
            Typical::Chosen(rule) => {
                let choices = self.choices(held_out, &first, &own, rule)?;
                let thresholds = choices.iter().map(|choice| choice.threshold.into());
                (thresholds.collect(), choices)
            }
        };
        let typical = classes.map(|class| {
            let mut members = self.members(class);
            members.retain(|&image| own[image] >= thresholds[class]);
            let as_before = || first.0[class].clone();
            if members.len() == first.0[class].images {
                return as_before();
            }
            // A class that the others cover stays as it is.
            fit(class, &members).unwrap_or_else(|_| as_before())
        });
        Ok((ClassRegions(typical.collect()), choices))
    }

    /// The images of a class.
    fn members(&self, class: usize) -> Vec<usize> {
        let is_member = |&image: &usize| self.labels[image].index() == class;
        (0..self.len()).filter(is_member).collect()
    }

    /// The probability of its own class for each image, `[n]`.
    fn own_probabilities(&self, regions: &ClassRegions) -> Vec<f64> {
        let of_image = |image: usize| {
            let probabilities = regions.class_probabilities(self.sample(image));
            probabilities[self.labels[image].index()]
        };
        (0..self.len()).into_par_iter().map(of_image).collect()
    }

    /// What `rule` chooses for each class; `own` are this set's [`own_probabilities`](Self::own_probabilities).
    fn choices(
        &self,
        held_out: &Self,
        first: &ClassRegions,
        own: &[f64],
        rule: TypicalRule,
    ) -> Result<Vec<TypicalChoice>, LatentSpaceError> {
        held_out.check()?;
        if (held_out.dims, held_out.classes) != (self.dims, self.classes) {
            let reason = format!(
                "the held-out images have {} dimensions and {} classes, not {} and {}",
                held_out.dims, held_out.classes, self.dims, self.classes
            );
            return Err(LatentSpaceError::Encodings(reason));
        }
        let given = held_out.given(first);
        let choice = |class: usize| {
            let members = self.members(class);
            let training: Vec<f64> = members.into_iter().map(|image| own[image]).collect();
            rule.choose(&training, &given[class])
        };
        Ok((0..self.classes).map(choice).collect())
    }

    /// For each class the images that it is the likeliest class of.
    fn given(&self, regions: &ClassRegions) -> Vec<Vec<Given>> {
        let likeliest = |image: usize| {
            let probabilities = regions.class_probabilities(self.sample(image));
            let classes = probabilities.into_iter().enumerate();
            classes.max_by(|(_, a), (_, b)| a.total_cmp(b))
        };
        let images = (0..self.len()).into_par_iter().map(likeliest);
        let mut given = vec![Vec::new(); self.classes];
        for (label, likeliest) in self.labels.iter().zip(images.collect::<Vec<_>>()) {
            if let Some((class, probability)) = likeliest {
                given[class].push(Given {
                    probability,
                    is_right: label.index() == class,
                });
            }
        }
        given
    }

    fn region(
        &self,
        members: &[usize],
        components: usize,
        seed: Seed,
        name: impl Fn() -> String,
    ) -> Result<ClassRegion, LatentSpaceError> {
        let points = DMatrix::from_fn(members.len(), self.dims, |row, dim| {
            f64::from(self.sample(members[row])[dim])
        });
        fit_mixture(&points, components, seed, name)
    }
}
