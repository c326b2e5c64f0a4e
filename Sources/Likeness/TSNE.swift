// t-distributed stochastic neighbour embedding (van der Maaten and Hinton 2008), the exact gradient. n rows.
import Glibc
import Kernels
import Privacy
import Synchronization
import Workers

/// Places of rows in a plane in which neighbours stay neighbours; distances between far groups mean little.
///
/// As scikit-learn's `TSNE(method="exact", init="pca")`: 250 iterations with affinities times 12 and momentum
/// 0.5, then 750 with momentum 0.8, gains per coordinate, learning rate max(n / 48, 50).
package struct TSNE: Sendable {
  /// [n, 2]
  package let places: Matrix64
  /// Kullback-Leibler divergence of the affinities in the plane from those of the rows.
  package let divergence: Double

  private static let exaggeration = 12.0
  private static let exaggerated = 250
  private static let smallest = 2.220446049250313e-16

  /// - Parameters:
  ///   - rows: at least 4.
  ///   - perplexity: effective number of neighbours; at most (n - 1) / 3 is used.
  ///   - workers: threads; the result does not depend on them.
  ///   - isStopped: asked in every iteration; what is returned then is incomplete.
  /// - Complexity: n² d, and n² an iteration; memory n² float64.
  package init(
    _ rows: Matrix64, perplexity: Double = 30, iterations: Int = 1_000, workers: Int,
    isStopped: () -> Bool = { false }
  ) {
    let n = rows.rows
    precondition(n >= 4, "\(n) rows")
    let affinities = Self.affinities(
      rows, perplexity: min(perplexity, Double(n - 1) / 3), workers: workers)
    var places = Self.start(rows)
    var update = [Double](repeating: 0, count: 2 * n)
    var gains = [Double](repeating: 1, count: 2 * n)
    let rate = max(Double(n) / Self.exaggeration / 4, 50)
    for iteration in 0..<iterations {
      if isStopped() { break }
      let isEarly = iteration < Self.exaggerated
      let gradient = Self.gradient(
        affinities, places, factor: isEarly ? Self.exaggeration : 1, workers: workers)
      for k in 0..<2 * n {
        gains[k] = max(0.01, update[k] * gradient[k] < 0 ? gains[k] + 0.2 : gains[k] * 0.8)
        update[k] = (isEarly ? 0.5 : 0.8) * update[k] - rate * gains[k] * gradient[k]
        places[k] += update[k]
      }
    }
    self.places = Matrix64(rows: n, columns: 2, values: places)
    divergence = Self.divergence(affinities, places)
  }

  /// Projections on the first two principal components of the centred rows, with a deviation of 1e-4 of the
  /// first.
  private static func start(_ rows: Matrix64) -> [Double] {
    let (n, d) = (rows.rows, rows.columns)
    let centred = FloatMatrix(rows: n, columns: d)
    for j in 0..<d {
      var sum = 0.0
      for i in 0..<n { sum += rows[i, j] }
      for i in 0..<n { centred[row: i][j] = Float(rows[i, j] - sum / Double(n)) }
    }
    let components = PrincipalAxes(of: centred).components(of: Matrix64(centred))
    var square = 0.0
    for i in 0..<n { square += components[i, 0] * components[i, 0] }
    let scale = square > 0 ? 1e-4 / (square / Double(n)).squareRoot() : 0
    var places = [Double](repeating: 0, count: 2 * n)
    for i in 0..<n {
      for k in 0..<min(2, d) { places[2 * i + k] = scale * components[i, k] }
    }
    return places
  }

  /// Symmetric joint probabilities, [n, n]: Gaussians around each row whose width gives the perplexity.
  private static func affinities(_ rows: Matrix64, perplexity: Double, workers: Int) -> [Double] {
    let n = rows.rows
    let distances = SquaredDistances(rows: rows.values, count: n, dimension: rows.columns)
    var joint = [Double](repeating: 0, count: n * n)
    joint.withUnsafeMutableBufferPointer { out in
      nonisolated(unsafe) let out = out
      concurrently(units: n, workers: workers) { _, i in
        let line = out.baseAddress! + i * n
        distances.evaluate(rows: i..<(i + 1), columns: 0..<n, into: line, stride: n)
        conditional(line, count: n, own: i, entropy: log(perplexity))
      }
    }
    var sum = 0.0
    for i in 0..<n {
      for j in 0..<i {
        let both = joint[i * n + j] + joint[j * n + i]
        (joint[i * n + j], joint[j * n + i]) = (both, both)
        sum += 2 * both
      }
    }
    for k in joint.indices { joint[k] = max(joint[k] / sum, smallest) }
    for i in 0..<n { joint[i * n + i] = 0 }
    return joint
  }

  /// Turns squared distances to a row into probabilities with an entropy, by bisection of the precision.
  private static func conditional(
    _ line: UnsafeMutablePointer<Double>, count n: Int, own: Int, entropy wanted: Double
  ) {
    // Distances relative to the nearest change nothing but keep exponentials in range.
    var nearest = Double.infinity
    for j in 0..<n where j != own { nearest = min(nearest, line[j]) }
    var (precision, low, high) = (1.0, -Double.infinity, Double.infinity)
    func sums(_ precision: Double) -> (total: Double, weighted: Double) {
      var (total, weighted) = (0.0, 0.0)
      for j in 0..<n where j != own {
        let share = exp(-precision * (line[j] - nearest))
        total += share
        weighted += share * (line[j] - nearest)
      }
      return (total, weighted)
    }
    for _ in 0..<100 {
      let (total, weighted) = sums(precision)
      let difference = log(total) + precision * weighted / total - wanted
      if abs(difference) <= 1e-5 { break }
      if difference > 0 {
        low = precision
        precision = high == .infinity ? precision * 2 : (precision + high) / 2
      } else {
        high = precision
        precision = low == -.infinity ? precision / 2 : (precision + low) / 2
      }
    }
    let total = sums(precision).total
    for j in 0..<n { line[j] = j == own ? 0 : exp(-precision * (line[j] - nearest)) / total }
  }

  /// 4 sum_j (factor p_ij - q_ij) (y_i - y_j) / (1 + |y_i - y_j|²), [2n].
  private static func gradient(
    _ affinities: [Double], _ places: [Double], factor: Double, workers: Int
  ) -> [Double] {
    let n = places.count / 2
    // Per row: attraction x, y; repulsion x, y; sum of the kernels.
    var parts = [Double](repeating: 0, count: 5 * n)
    affinities.withUnsafeBufferPointer { p in
      places.withUnsafeBufferPointer { y in
        parts.withUnsafeMutableBufferPointer { parts in
          nonisolated(unsafe) let (p, y, parts) = (
            p.baseAddress!, y.baseAddress!, parts.baseAddress!
          )
          let chunk = 32
          concurrently(units: (n + chunk - 1) / chunk, workers: workers) { _, unit in
            for i in (unit * chunk)..<min(n, (unit + 1) * chunk) {
              let (x0, y0) = (y[2 * i], y[2 * i + 1])
              var (ax, ay, rx, ry, sum) = (0.0, 0.0, 0.0, 0.0, 0.0)
              for j in 0..<n {
                let (dx, dy) = (x0 - y[2 * j], y0 - y[2 * j + 1])
                let kernel = 1 / (1 + dx * dx + dy * dy)
                let attraction = p[i * n + j] * kernel
                ax += attraction * dx
                ay += attraction * dy
                rx += kernel * kernel * dx
                ry += kernel * kernel * dy
                sum += kernel
              }
              (parts[5 * i], parts[5 * i + 1], parts[5 * i + 2]) = (ax, ay, rx)
              (parts[5 * i + 3], parts[5 * i + 4]) = (ry, sum - 1)
            }
          }
        }
      }
    }
    var total = 0.0
    for i in 0..<n { total += parts[5 * i + 4] }
    var gradient = [Double](repeating: 0, count: 2 * n)
    for i in 0..<n {
      gradient[2 * i] = 4 * (factor * parts[5 * i] - parts[5 * i + 2] / total)
      gradient[2 * i + 1] = 4 * (factor * parts[5 * i + 1] - parts[5 * i + 3] / total)
    }
    return gradient
  }

  private static func divergence(_ affinities: [Double], _ places: [Double]) -> Double {
    let n = places.count / 2
    func kernel(_ i: Int, _ j: Int) -> Double {
      let (dx, dy) = (places[2 * i] - places[2 * j], places[2 * i + 1] - places[2 * j + 1])
      return 1 / (1 + dx * dx + dy * dy)
    }
    var total = 0.0
    for i in 0..<n { for j in 0..<n where j != i { total += kernel(i, j) } }
    var sum = 0.0
    for i in 0..<n {
      for j in 0..<n where j != i {
        let p = affinities[i * n + j]
        sum += p * log(p / max(kernel(i, j) / total, smallest))
      }
    }
    return sum
  }
}

/// Share of the rows' neighbourhoods that the plane keeps (Venna and Kaski 2001): 1 where the k nearest in
/// the plane are among the nearest of the rows, less for each that is not, by how far it is.
package func trustworthiness(of places: Matrix64, rows: Matrix64, neighbours k: Int = 5) -> Double {
  let n = rows.rows
  precondition(places.rows == n && 2 * k < n, "\(k) neighbours of \(n) rows")
  func order(_ matrix: Matrix64, _ i: Int) -> [Int] {
    let distances = (0..<n).map { j in
      zip(matrix[row: i], matrix[row: j]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    return (0..<n).filter { $0 != i }.sorted { (distances[$0], $0) < (distances[$1], $1) }
  }
  var penalty = 0
  for i in 0..<n {
    var rank = [Int](repeating: 0, count: n)
    for (place, j) in order(rows, i).enumerated() { rank[j] = place + 1 }
    for j in order(places, i).prefix(k) { penalty += max(0, rank[j] - k) }
  }
  return 1 - 2 * Double(penalty) / Double(n * k * (2 * n - 3 * k - 1))
}
