//! Fewer points that tell the same: neighbouring points averaged over equal spans of time.

use crate::backends::datadog::Point;
use serde_json::Number;

/// At most `max` points. Spans are whole multiples of the step between points, so that every span but the last stands for
/// equally many of them, and the points that come out stay on the grid they came from. A span in which no point has a
/// value, and a gap as long as a span, give a point without value, so that a chart shows the hole.
///
/// `points` are in order of time; `step` is the time between two of them in milliseconds, where there is one.
pub(super) fn downsample(points: &[Point], step: Option<i64>, max: u32) -> Vec<Point> {
    let ([first, .., last], Some(step)) = (points, step) else {
        return points.iter().take(max as usize).cloned().collect();
    };
    if points.len() <= max as usize {
        return points.to_vec();
    }
    let span = last.ms.saturating_sub(first.ms);
    let steps = span / step + 1;
    let width = step.saturating_mul(divide_up(steps, i64::from(max)));
    let place = |ms: i64| ms.saturating_sub(first.ms) / width;

    let mut points = points.iter().peekable();
    (0..=place(last.ms))
        .map(|index| {
            let mut values = Vec::new();
            while let Some(point) = points.next_if(|point| place(point.ms) == index) {
                values.extend(point.value.as_ref());
            }
            Point {
                ms: first.ms.saturating_add(index.saturating_mul(width)),
                value: match values.as_slice() {
                    [only] => Some((*only).clone()),
                    several => mean(several.iter().copied()),
                },
            }
        })
        .collect()
}

/// The mean of the values, where there are any. It is carried along instead of a sum, which large values would overflow.
pub(super) fn mean<'v>(values: impl Iterator<Item = &'v Number>) -> Option<Number> {
    let mut count = 0.0;
    let mut mean = 0.0;
    for value in values.filter_map(Number::as_f64) {
        count += 1.0;
        mean += value / count - mean / count;
    }
    (count > 0.0).then(|| Number::from_f64(mean)).flatten()
}

fn divide_up(number: i64, by: i64) -> i64 {
    number / by + i64::from(number % by != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn series(values: &[Option<f64>]) -> Vec<Point> {
        let times = (0..).map(|index| 1_000_000 + index * 20_000);
        times
            .zip(values)
            .map(|(ms, value)| Point {
                ms,
                value: value.and_then(Number::from_f64),
            })
            .collect()
    }

    fn value(point: &Point) -> Option<f64> {
        point.value.as_ref().and_then(Number::as_f64)
    }

    fn pairs(points: &[Point]) -> Vec<(i64, Option<f64>)> {
        points.iter().map(|point| (point.ms, value(point))).collect()
    }

    #[test]
    fn few_points_stay_as_they_are() {
        let points = series(&[Some(1.0), None, Some(3.0)]);
        assert_eq!(downsample(&points, Some(20_000), 3), points);
        assert_eq!(downsample(&[], None, 3), []);
        assert_eq!(downsample(&points[..1], None, 3), points[..1]);
    }

    #[test]
    fn neighbours_are_averaged_over_equal_spans() {
        let points = series(&[1.0, 3.0, 5.0, 7.0, 10.0].map(Some));
        assert_eq!(
            pairs(&downsample(&points, Some(20_000), 3)),
            [(1_000_000, Some(2.0)), (1_040_000, Some(6.0)), (1_080_000, Some(10.0))]
        );
        assert_eq!(pairs(&downsample(&points, Some(20_000), 1)), [(1_000_000, Some(5.2))]);
    }

    #[test]
    fn nulls_are_passed_over_and_a_span_of_nulls_is_null() {
        let points = series(&[Some(1.0), None, None, None, Some(4.0), Some(6.0)]);
        assert_eq!(
            pairs(&downsample(&points, Some(20_000), 3)),
            [(1_000_000, Some(1.0)), (1_040_000, None), (1_080_000, Some(5.0))]
        );
    }

    #[test]
    fn a_gap_shows_as_a_point_without_value() {
        let mut points = series(&[1.0, 1.0, 1.0, 1.0, 9.0, 9.0].map(Some));
        for late in &mut points[4..] {
            late.ms += 80_000;
        }
        assert_eq!(
            pairs(&downsample(&points, Some(20_000), 4)),
            [
                (1_000_000, Some(1.0)),
                (1_060_000, Some(1.0)),
                (1_120_000, Some(9.0)),
                (1_180_000, Some(9.0))
            ]
        );
        assert_eq!(
            pairs(&downsample(&points, Some(20_000), 5)),
            [
                (1_000_000, Some(1.0)),
                (1_040_000, Some(1.0)),
                (1_080_000, None),
                (1_120_000, None),
                (1_160_000, Some(9.0))
            ]
        );
    }

    proptest! {
        #[test]
        fn never_more_than_asked_for_and_within_the_values(
            values in prop::collection::vec(prop::option::of(-1e6_f64..1e6), 1..400),
            max in 1_u32..100,
        ) {
            let points = series(&values);
            let fewer = downsample(&points, (points.len() > 1).then_some(20_000), max);
            prop_assert!(fewer.len() <= max as usize);
            prop_assert_eq!(fewer.first().map(|point| point.ms), points.first().map(|point| point.ms));
            prop_assert!(fewer.windows(2).all(|pair| pair[0].ms < pair[1].ms));
            let known: Vec<f64> = values.iter().copied().flatten().collect();
            for value in fewer.iter().filter_map(value) {
                // Nine digits of a large value leave more than those of a small one.
                let rounding = 1e-6 + value.abs() * 1e-8;
                prop_assert!(known.iter().any(|known| *known <= value + rounding));
                prop_assert!(known.iter().any(|known| *known >= value - rounding));
            }
        }
    }
}
