// Wilson's interval of a rate over trials that come in clusters (Fogliato, Patil, Perona,
// arXiv 2306.01198): the trials of one subject fail together, so fewer trials count than were made.
// Letters: n_i trials and e_i errors of subject i, N = sum n_i, E = sum e_i, mu = E / N.

import Foundation

/// Errors and trials by subject, e.g. of mated comparisons by the reference's subject.
package struct ClusteredErrors: Sendable, Equatable {
  /// Trials of each subject; subjects without any count for nothing.
  package let trials: [Int]
  package let errors: [Int]

  /// - Precondition: equally many, 0 <= errors <= trials.
  package init(trials: [Int], errors: [Int]) {
    precondition(trials.count == errors.count, "\(trials.count) trials, \(errors.count) errors")
    precondition(zip(trials, errors).allSatisfy { 0 <= $1 && $1 <= $0 }, "errors without trials")
    self.trials = trials
    self.errors = errors
  }

  package var totalTrials: Int { trials.reduce(0, +) }
  package var totalErrors: Int { errors.reduce(0, +) }
  /// Subjects with at least one trial.
  package var people: Int { trials.count { $0 > 0 } }
  /// mu; NaN without trials.
  package var rate: Double { Double(totalErrors) / Double(totalTrials) }

  /// e_i - mu n_i of every subject: how far it pulls the rate.
  package var pulls: [Double] {
    let mu = rate
    return zip(trials, errors).map { Double($1) - mu * Double($0) }
  }

  /// Plug-in variance of mu, sum (e_i - mu n_i)^2 / N^2.
  package var variance: Double {
    let total = Double(totalTrials)
    return pulls.reduce(0) { $0 + $1 * $1 } / (total * total)
  }

  /// Independent trials that would leave the rate as uncertain as these: mu (1 - mu) / variance,
  /// and N where there is no error or nothing else.
  package var effectiveTrials: Double {
    let (errors, trials) = (totalErrors, totalTrials)
    guard errors > 0, errors < trials else { return Double(trials) }
    return rate * (1 - rate) / variance
  }

  /// Wilson's interval with the effective number of trials; nil without trials.
  package func wilsonInterval(alpha: Double = 0.05) -> (lower: Double, upper: Double)? {
    guard totalTrials > 0 else { return nil }
    return effectiveWilsonInterval(
      errors: totalErrors, trials: totalTrials, effectiveTrials: effectiveTrials, alpha: alpha)
  }
}

/// Wilson's interval of errors / trials with n effective trials in the place of all.
///
/// Centre and half width as in `wilsonInterval`. No error: lower bound 0; all: upper bound 1; one
/// error: lower bound -ln(1 - alpha) / trials, and one short of all the mirror image (as the code of
/// arXiv 2306.01198 has it). With an alpha far from 0.05 the bounds of a single error may cross.
package func effectiveWilsonInterval(
  errors: Int, trials: Int, effectiveTrials n: Double, alpha: Double = 0.05
) -> (lower: Double, upper: Double) {
  let mu = Double(errors) / Double(trials)
  let z = normalQuantile(1 - alpha / 2)
  let half = z * ((mu * (1 - mu) + z * z / 4 / n) / n).squareRoot()
  let scale = 1 + z * z / n
  var lower = (mu + z * z / 2 / n - half) / scale
  var upper = (mu + z * z / 2 / n + half) / scale
  if errors == 0 {
    lower = 0
  } else if errors == trials {
    upper = 1
  } else if errors == 1 {
    lower = -log(1 - alpha) / Double(trials)
  } else if errors == trials - 1 {
    upper = 1 + log(1 - alpha) / Double(trials)
  }
  return (lower, upper)
}
