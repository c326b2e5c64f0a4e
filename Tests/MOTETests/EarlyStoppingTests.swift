import MOTE
import Testing

@Suite struct EarlyStoppingTests {
  private func run(_ losses: [Double], patience: Int) -> EarlyStopping {
    var stopping = EarlyStopping(patience: patience)
    for loss in losses where !stopping.shouldStop { _ = stopping.record(loss) }
    return stopping
  }

  @Test func stopsAfterPatienceEpochsWithoutImprovement() {
    let stopping = run([0.9, 0.8, 0.8, 0.79, 0.85, 0.84, 0.1], patience: 2)
    #expect(stopping.epochsRun == 6)
    #expect(stopping.bestEpoch == 4)
    #expect(stopping.bestLoss == 0.79)
  }

  @Test func equalLossIsNoImprovement() {
    #expect(run([0.5, 0.5], patience: 1).bestEpoch == 1)
    #expect(run([0.5, 0.5], patience: 1).shouldStop)
  }

  @Test func lossThatIsNotANumberNeverImproves() {
    let stopping = run([.nan, .nan, 0.3], patience: 2)
    #expect(stopping.bestEpoch == nil)
    #expect(stopping.epochsRun == 2)
  }
}
