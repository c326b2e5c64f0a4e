// Intervals of a proportion of independent trials (definitions 1.6). All-pairs comparisons share
// subjects and are not independent: use these for subject-level proportions (attack success over
// targets) and the subject bootstrap for error rates.

/// The standard normal quantile at 0.975.
public let normalQuantile975 = 1.959963984540054

/// Wilson score interval of `successes` out of `trials`.
///
/// Centre (p + z^2/2n) / (1 + z^2/n), half width z sqrt(p(1-p)/n + z^2/4n^2) / (1 + z^2/n).
/// Nil without trials.
public func wilsonInterval(
  successes: Int, trials: Int, z: Double = normalQuantile975
) -> ClosedRange<Double>? {
  guard trials > 0, (0...trials).contains(successes) else { return nil }
  let n = Double(trials)
  let p = Double(successes) / n
  let scale = 1 + z * z / n
  let centre = (p + z * z / (2 * n)) / scale
  let half = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot() / scale
  let lower = successes == 0 ? 0 : centre - half
  let upper = successes == trials ? 1 : centre + half
  return lower...max(lower, upper)
}

/// Clopper-Pearson interval: beta quantiles at alpha/2 and 1 - alpha/2. Nil without trials.
public func clopperPearsonInterval(
  successes: Int, trials: Int, alpha: Double = 0.05
) -> ClosedRange<Double>? {
  guard trials > 0, (0...trials).contains(successes) else { return nil }
  let k = Double(successes)
  let n = Double(trials)
  let lower = successes == 0 ? 0 : betaQuantile(alpha / 2, k, n - k + 1)
  let upper = successes == trials ? 1 : betaQuantile(1 - alpha / 2, k + 1, n - k)
  return lower...max(lower, upper)
}

/// Rule of 3: upper 95 % bound 3/n of a rate with no error in n independent trials; nil when there
/// are errors. Comparisons of one person are not independent: n is then the number of people.
public func ruleOf3(errors: Int, trials: Int) -> Double? {
  errors == 0 && trials > 0 ? 3 / Double(trials) : nil
}

/// Rule of 30 (Doddington): at least 30 errors, for about +-30 % at 90 % confidence.
public func meetsRuleOf30(errors: Int) -> Bool { errors >= 30 }
