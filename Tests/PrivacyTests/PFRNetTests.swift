import Configurations
import Kernels
import Privacy
import Testing

@Suite struct PFRNetTests {
  private let isFirst = [true, false, true, true, false]

  /// Values and gradients of the loss of one batch, in float64.
  private func loss(_ x: [Double], _ r: [Double], _ zi: [Double], _ zd: [Double]) -> PFRNetLoss {
    PFRNetLoss(
      x: x, reconstruction: r, dimension: 4, independent: zi, independentWidth: 3, dependent: zd,
      dependentWidth: 2, isFirst: isFirst, weights: .init(align: 0.7, separate: 0.4))
  }

  @Test func gradientsAgreeWithCentralDifferences() {
    var stream = NormalStream(1)
    let (x, r, zi, zd) = (stream.list(20), stream.list(20), stream.list(15), stream.list(10))
    var (gr, gi, gd) = ([Double](repeating: 0, count: 20), [Double](repeating: 0, count: 15), [0.0])
    gd = [Double](repeating: 0, count: 10)
    gr.withUnsafeMutableBufferPointer { gr in
      gi.withUnsafeMutableBufferPointer { gi in
        gd.withUnsafeMutableBufferPointer { gd in
          _ = PFRNetLoss(
            x: x, reconstruction: r, dimension: 4, independent: zi, independentWidth: 3,
            dependent: zd, dependentWidth: 2, isFirst: isFirst,
            weights: .init(align: 0.7, separate: 0.4),
            gradients: (gr.baseAddress!, gi.baseAddress!, gd.baseAddress!))
        }
      }
    }
    func difference(_ v: [Double], _ i: Int, _ f: ([Double]) -> Double) -> Double {
      var (up, down) = (v, v)
      up[i] += 1e-5
      down[i] -= 1e-5
      return (f(up) - f(down)) / 2e-5
    }
    for i in r.indices {
      #expect(abs(gr[i] - difference(r, i) { loss(x, $0, zi, zd).total }) < 1e-8)
    }
    for i in zi.indices {
      #expect(abs(gi[i] - difference(zi, i) { loss(x, r, $0, zd).total }) < 1e-8)
    }
    for i in zd.indices {
      #expect(abs(gd[i] - difference(zd, i) { loss(x, r, zi, $0).total }) < 1e-8)
    }
  }

  /// Parameters of all three networks against central differences of the whole loss. In float32 the
  /// quotient is good to about 1 %, which a missing path or a wrong sign exceeds by far.
  @Test func networkGradientsAgreeWithCentralDifferences() {
    var configuration = PFRNetConfiguration()
    configuration.weights = .init(align: 2, separate: 2)
    configuration.batchSize = 8
    let training = PFRNetTraining(dimension: 32, configuration: configuration, seed: 4)
    var stream = NormalStream(2)
    let rows = (0..<8).map { _ in stream.list(32).map(Float.init) }
    let labels = (0..<8).map { $0 % 3 == 0 }
    _ = training.gradients(of: rows, isFirst: labels)
    for stack in [training.independent, training.dependent, training.decoder] {
      let gradients = Array(
        UnsafeBufferPointer(start: stack.gradients, count: stack.parameterCount))
      // The largest entries: small ones drown in float32 noise.
      let largest = gradients.indices.sorted { abs(gradients[$0]) > abs(gradients[$1]) }.prefix(12)
      for i in largest {
        let value = stack.parameters[i]
        let step: Float = 2e-3
        stack.parameters[i] = value + step
        let up = training.gradients(of: rows, isFirst: labels).total
        stack.parameters[i] = value - step
        let down = training.gradients(of: rows, isFirst: labels).total
        stack.parameters[i] = value
        let quotient = (up - down) / Double(2 * step)
        #expect(abs(quotient - Double(gradients[i])) < 0.03 * abs(Double(gradients[i])))
      }
    }
  }

  @Test func momentsOfOneGroupHaveNoGradient() {
    let codes: [Double] = [1, 2, 3, 4]
    let loss = PFRNetLoss(
      x: codes, reconstruction: codes, dimension: 2, independent: codes, independentWidth: 2,
      dependent: codes, dependentWidth: 2, isFirst: [true, true], weights: .init())
    #expect(loss.align == 0 && loss.separate == 0 && loss.total == 0)
  }

  @Test func trainingLowersTheLossAndIsDeterministic() throws {
    let isFirst = (0..<120).map { $0 % 2 == 0 }
    var stream = NormalStream(9)
    let vectors = floatMatrix(120, 32) { i, j in
      0.3 * stream.next() + (j == 0 ? (isFirst[i] ? 1 : -1) : 0)
    }
    var configuration = PFRNetConfiguration()
    configuration.epochs = 60
    configuration.learningRate = 1e-3
    let cohort = TrainingCohort(vectors: vectors, isFirst: isFirst)
    let net = try PFRNet.train(on: cohort, configuration: configuration, seed: 3)
    #expect(net.losses.last! < 0.6 * net.losses.first!)
    #expect(net.templateWidth == 31)
    let again = try PFRNet.train(on: cohort, configuration: configuration, seed: 3)
    #expect(net.losses == again.losses)
    let templates = net.protect(vectors, role: .reference)
    #expect(nested(templates) == nested(again.protect(vectors, role: .probe)))
  }

  @Test func plateauCutsTheRateAfterMoreThanPatienceBadEpochs() {
    var schedule = PlateauSchedule(rate: 1, factor: 0.1, patience: 2)
    for loss in [5.0, 4, 4, 4] { schedule.observe(loss) }
    #expect(schedule.rate == 1)
    schedule.observe(4)
    #expect(schedule.rate == 0.1)
    // An improvement below the relative threshold of 1e-4 does not count.
    for _ in 0..<3 { schedule.observe(4 * (1 - 1e-5)) }
    #expect(abs(schedule.rate - 0.01) < 1e-15)
  }

  @Test func aCohortOfOneGroupIsRefused() {
    let cohort = TrainingCohort(
      vectors: normalMatrix(5, 8, seed: 1), isFirst: [true, true, true, true, true])
    #expect(
      throws: PrivacyError.tooFewTraining(scheme: "pfrnet", group: "female", found: 0, needed: 2)
    ) { try PFRNet.train(on: cohort, seed: 1) }
  }
}
