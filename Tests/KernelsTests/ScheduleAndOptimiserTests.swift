import Foundation
import Kernels
import Testing

@Suite struct OneCycleTests {
  @Test func startsAtATwentyFifthPeaksAndEndsLow() {
    let schedule = OneCycle(totalSteps: 100, maximumLearningRate: 0.01)
    #expect(abs(schedule.values(afterSteps: 0).learningRate - 4e-4) < 1e-15)
    #expect(abs(schedule.values(afterSteps: 0).beta1 - 0.95) < 1e-15)
    #expect(abs(schedule.values(afterSteps: 29).learningRate - 0.01) < 1e-15)
    #expect(abs(schedule.values(afterSteps: 29).beta1 - 0.85) < 1e-15)
    #expect(abs(schedule.values(afterSteps: 99).learningRate - 4e-8) < 1e-15)
    #expect(abs(schedule.values(afterSteps: 99).beta1 - 0.95) < 1e-15)
  }

  @Test func officialScheduleHardlyMovesWhenSteppedPerEpoch() {
    let schedule = OneCycle(totalSteps: 120 * 647, maximumLearningRate: 0.01)
    #expect(schedule.values(afterSteps: 120).learningRate < 4.007e-4)
  }

  @Test(arguments: [1, 2, 3, 4, 5])
  func shortSchedulesGiveFiniteValues(total: Int) {
    let schedule = OneCycle(totalSteps: total, maximumLearningRate: 0.01)
    for s in 0...(total + 2) {
      let (rate, beta1) = schedule.values(afterSteps: s)
      #expect(rate > 0 && rate <= 0.01 && beta1 >= 0.85 - 1e-12 && beta1 <= 0.95 + 1e-12)
    }
  }
}

@Suite struct AdamStepTests {
  /// The first step moves every parameter with a gradient by the learning rate, against its sign.
  @Test func firstStepMovesByTheLearningRate() {
    var p = [1.0, -1.0, 0.5]
    var m = [0.0, 0, 0]
    var v = m
    AdamStep(learningRate: 0.01, beta1: 0.9, weightDecay: 0, decay: .coupled, step: 1)
      .apply(to: &p, gradient: [2, -3, 0], m: &m, v: &v)
    #expect(abs(p[0] - 0.99) < 1e-9 && abs(p[1] + 0.99) < 1e-9 && p[2] == 0.5)
  }

  @Test func decoupledDecayShrinksWithoutAGradient() {
    var p = [1.0]
    var m = [0.0]
    var v = [0.0]
    AdamStep(learningRate: 0.1, beta1: 0.9, weightDecay: 0.5, decay: .decoupled, step: 1)
      .apply(to: &p, gradient: [0], m: &m, v: &v)
    #expect(abs(p[0] - 0.95) < 1e-15)
  }
}

@Suite struct LossTests {
  @Test func extremeLogitsNeitherOverflowNorLoseTheLoss() {
    #expect(BinaryCrossEntropy.loss(logit: 900, label: 0) == 900)
    #expect(BinaryCrossEntropy.loss(logit: -900, label: 1) == 900)
    #expect(BinaryCrossEntropy.loss(logit: -900, label: 0) == 0)
    #expect(BinaryCrossEntropy.sigmoid(-800) == 0)
    #expect(BinaryCrossEntropy.sigmoid(800) == 1)
  }

  @Test func hingeIsZeroFromTheMarginOn() {
    #expect(HingeLoss.loss(logit: 1, label: 1) == 0 && HingeLoss.gradient(logit: 1, label: 1) == 0)
    #expect(HingeLoss.loss(logit: -1, label: 0) == 0 && HingeLoss.loss(logit: -7, label: 0) == 0)
    #expect(HingeLoss.loss(logit: 0, label: 0) == 1 && HingeLoss.loss(logit: -2, label: 1) == 3)
  }

  @Test(arguments: [TrainingLoss.crossEntropy, .hinge])
  func gradientIsTheDerivativeOfTheLoss(loss: TrainingLoss) {
    for z in [-3.0, -0.1, 0, 0.4, 5] {
      for y in [0.0, 1.0] {
        let h = 1e-6
        let numeric =
          (loss.loss(logit: z + h, label: y) - loss.loss(logit: z - h, label: y)) / (2 * h)
        #expect(abs(numeric - loss.gradient(logit: z, label: y)) < 1e-9)
      }
    }
  }
}
