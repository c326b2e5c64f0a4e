import Configurations
import Kernels
import Privacy
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct ClassifierTests {
  /// x = ±1 with the label's sign: the minimiser solves 1/(1 + e^w) = penalty · w, intercept 0.
  @Test(arguments: [0.01, 0.1, 1.0]) func logisticRegressionMeetsTheStationaryPoint(penalty: Double)
  {
    let features = Matrix64([[1], [-1], [1], [-1]])
    let model = LogisticRegression(
      features, isFirst: [true, false, true, false], penalty: penalty)
    let w = model.weights[0]
    #expect(abs(1 / (1 + exp(w)) - penalty * w) < 1e-9)
    #expect(abs(model.intercept) < 1e-9)
  }

  /// Without informative features the intercept is the log odds.
  @Test func interceptIsTheLogOdds() {
    let isFirst = [true, true, true, false]
    let model = LogisticRegression(
      Matrix64([[0], [0], [0], [0]]), isFirst: isFirst, sampleWeights: [1, 1, 1, 1], penalty: 1)
    #expect(abs(model.intercept - log(3)) < 1e-8)
    let balanced = LogisticRegression(Matrix64([[0], [0], [0], [0]]), isFirst: isFirst, penalty: 1)
    #expect(abs(balanced.intercept) < 1e-10)
  }

  @Test func logisticGradientVanishesWithMoreFeaturesThanRows() {
    var stream = NormalStream(3)
    let (n, d, penalty) = (30, 50, 0.1)
    let features = Matrix64((0..<n).map { _ in stream.list(d) })
    let isFirst = (0..<n).map { $0 % 2 == 0 }
    let model = LogisticRegression(features, isFirst: isFirst, penalty: penalty)
    let f = model.decisions(features)
    for j in 0..<d {
      var slope = penalty * model.weights[j]
      for i in 0..<n {
        let y = isFirst[i] ? 1.0 : -1.0
        slope -= y / (1 + exp(y * f[i])) * features[i, j] / Double(n)
      }
      #expect(abs(slope) < 1e-8)
    }
  }

  /// Two points at ±1 within the box: a = 1/(1 - k), k = exp(-4 gamma), offset 0.
  @Test func twoPointMachineIsTheClosedForm() {
    let gamma = 0.3
    let machine = SupportVectorMachine(
      Matrix64([[1], [-1]]), isFirst: [true, false], cost: 100, gamma: gamma, tolerance: 1e-9)
    let a = 1 / (1 - exp(-4 * gamma))
    #expect(abs(machine.coefficients[0] - a) < 1e-6 && abs(machine.coefficients[1] + a) < 1e-6)
    #expect(abs(machine.offset) < 1e-9)
    #expect(abs(machine.decisions(Matrix64([[1], [-1], [0]]))[0] - 1) < 1e-6)
  }

  /// With a small cost both points stay at the bound, and f = C (k(x, 1) - k(x, -1)).
  @Test func boundedMachineStaysInTheBox() {
    let machine = SupportVectorMachine(
      Matrix64([[1], [-1]]), isFirst: [true, false], cost: 0.25, gamma: 1)
    #expect(machine.coefficients == [0.25, -0.25])
  }

  @Test func machineMeetsTheOptimalityConditions() {
    var stream = NormalStream(6)
    let n = 80
    let features = Matrix64((0..<n).map { _ in stream.list(3) })
    let isFirst = (0..<n).map { features[$0, 0] + 0.5 * stream.next() > 0.3 }
    let machine = SupportVectorMachine(features, isFirst: isFirst, cost: 1, tolerance: 1e-6)
    #expect(abs(machine.coefficients.reduce(0, +)) < 1e-9)
    let f = machine.decisions(features)
    let n0 = Double(isFirst.count { $0 })
    // Support vectors inside the box lie on the margin, the others beyond it.
    var at = 0
    for i in 0..<n {
      let y = isFirst[i] ? 1.0 : -1.0
      let limit = isFirst[i] ? Double(n) / (2 * n0) : Double(n) / (2 * (Double(n) - n0))
      let isSupport =
        at < machine.supportVectors.rows
        && Array(machine.supportVectors[row: at]) == Array(features[row: i])
      let a = isSupport ? abs(machine.coefficients[at]) : 0
      at += isSupport ? 1 : 0
      if a == 0 {
        #expect(y * f[i] > 1 - 1e-4)
      } else if a < limit - 1e-12 {
        #expect(abs(y * f[i] - 1) < 1e-4)
      } else {
        #expect(y * f[i] < 1 + 1e-4)
      }
    }
    #expect(at == machine.supportVectors.rows)
  }

  /// Exclusive or: linear regression is at chance, the others solve it.
  @Test func nonLinearClassifiersSolveExclusiveOr() throws {
    var stream = NormalStream(7)
    let n = 240
    let corners = (0..<n).map { [$0 & 1 == 0 ? 1.0 : -1, $0 & 2 == 0 ? 1.0 : -1] }
    let features = Matrix64(corners.map { $0.map { $0 + 0.25 * stream.next() } })
    let isFirst = corners.map { $0[0] * $0[1] > 0 }
    func accuracy(_ classifier: AttackClassifier) throws -> Double {
      let test = Array(0..<n / 2)
      let training = Array(n / 2..<n)
      let values = try classifier.decisions(
        training: features.selecting(rows: training), isFirst: training.map { isFirst[$0] },
        on: features.selecting(rows: test), seed: 1)
      return balancedAccuracy(values, isFirst: test.map { isFirst[$0] }, rule: .above(0))
    }
    #expect(try accuracy(.rbfSVM) > 0.97)
    #expect(try accuracy(.perceptron) > 0.97)
    #expect(try accuracy(.logistic) < 0.7)
  }

  @Test func classifiersAreDeterministic() throws {
    var stream = NormalStream(1)
    let features = Matrix64((0..<40).map { _ in stream.list(6) })
    let isFirst = (0..<40).map { $0 % 4 == 0 }
    for classifier in AttackClassifier.allCases {
      let runs = try (0..<2).map { _ in
        try classifier.decisions(training: features, isFirst: isFirst, on: features, seed: 5)
      }
      #expect(runs[0] == runs[1])
    }
  }

  @Test func standardisationIgnoresConstantColumns() {
    let standardised = Standardiser(Matrix64([[1, 0.1], [3, 0.1]]))
      .apply(Matrix64([[1, 0.1], [3, 7]]))
    #expect(standardised.values == [-1, 0, 1, 0])
  }

  @Test func foldsAreEvenInBothGroups() {
    let isFirst = (0..<53).map { $0 < 12 }
    let folds = stratifiedFolds(isFirst, count: 5, seed: 1)
    for fold in 0..<5 {
      let members = folds.indices.filter { folds[$0] == fold }
      #expect((10...11).contains(members.count))
      #expect((2...3).contains(members.count { isFirst[$0] }))
    }
  }

  /// The decision on a row never sees that row.
  @Test func crossValidationHoldsEachRowOutOnce() {
    let features = Matrix64((0..<20).map { [Double($0)] })
    let isFirst = (0..<20).map { $0 % 2 == 0 }
    let folds = stratifiedFolds(isFirst, count: 4, seed: 3)
    let values = crossValidated(features, isFirst: isFirst, folds: folds) { fold in
      #expect(Set(fold.training.values).isDisjoint(with: fold.test.values))
      #expect(fold.training.rows + fold.test.rows == 20)
      return fold.test.values
    }
    #expect(values == features.values)
  }
}
