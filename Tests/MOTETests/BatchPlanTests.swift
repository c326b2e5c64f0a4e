import MOTE
import Testing

@Suite struct BatchPlanTests {
  private func order(_ plan: BatchPlan, epoch: Int, subject: UInt32 = 3) -> [Int32] {
    var order = [Int32](repeating: -1, count: plan.samples)
    var scratch = plan.makeScratch()
    plan.fill(
      &order, epoch: epoch, seed: 5, subject: subject, scratch: &scratch, path: .current)
    return order
  }

  @Test(arguments: [(1, 2), (5, 3), (100, 50), (255, 128), (256, 128), (257, 129)])
  func shuffledEpochPassesAllRowsOnce(cohort: Int, slots: Int) {
    let plan = BatchPlan(
      cohortRows: cohort, split: MatedSplit(slots: slots, balancingFactor: 0.5),
      batching: .shuffled, batchSize: 128)
    let total = cohort + slots / 2 * 2
    #expect(plan.samples == total)
    #expect(plan.batchCount == (total + 127) / 128)
    #expect(order(plan, epoch: 0).sorted() == (0..<Int32(total)).map { $0 })
  }

  @Test(arguments: [1, 63, 64, 65, 200])
  func balancedBatchesAreHalfCohortHalfMated(cohort: Int) {
    let plan = BatchPlan(
      cohortRows: cohort, split: MatedSplit(slots: max(cohort, 2), balancingFactor: 0.5),
      batching: .balanced, batchSize: 128)
    let entries = order(plan, epoch: 1)
    var seen: [Int32] = []
    for batch in 0..<plan.batchCount {
      let rows = entries[plan.offsets[batch]..<plan.offsets[batch + 1]]
      let negatives = rows.filter { $0 < cohort }
      #expect(negatives.count * 2 == rows.count)
      #expect(rows.count == 128 || batch == plan.batchCount - 1)
      seen += negatives
    }
    #expect(seen.sorted() == (0..<Int32(cohort)).map { $0 })
  }

  @Test func oddBalancedBatchHasOneMoreOfTheCohort() {
    let plan = BatchPlan(
      cohortRows: 9, split: MatedSplit(slots: 4, balancingFactor: 0.5), batching: .balanced,
      batchSize: 5)
    #expect(plan.offsets == [0, 5, 10, 15])
    #expect(order(plan, epoch: 0)[0..<5].filter { $0 < 9 }.count == 3)
  }

  @Test func matedRowsAreUsedEquallyOften() {
    let plan = BatchPlan(
      cohortRows: 300, split: MatedSplit(slots: 100, balancingFactor: 0.5), batching: .balanced,
      batchSize: 128)
    var uses = [Int](repeating: 0, count: 100)
    for entry in order(plan, epoch: 0) where entry >= 300 { uses[Int(entry) - 300] += 1 }
    #expect(uses.allSatisfy { $0 == 3 })
  }

  @Test func epochsAndSubjectsDifferAndAreRepeatable() {
    let plan = BatchPlan(
      cohortRows: 50, split: MatedSplit(slots: 25, balancingFactor: 0.4), batching: .shuffled,
      batchSize: 16)
    #expect(order(plan, epoch: 0) == order(plan, epoch: 0))
    #expect(order(plan, epoch: 0) != order(plan, epoch: 1))
    #expect(order(plan, epoch: 0) != order(plan, epoch: 0, subject: 4))
  }

  /// Over all positions a row is equally likely to come first (chi-square with 19 degrees of
  /// freedom stays below 43.8 with probability 0.999).
  @Test func ordersAreUniform() {
    let plan = BatchPlan(
      cohortRows: 16, split: MatedSplit(slots: 4, balancingFactor: 0.5), batching: .shuffled,
      batchSize: 8)
    var counts = [Double](repeating: 0, count: 20)
    let n = 4000
    for epoch in 0..<n { counts[Int(order(plan, epoch: epoch)[0])] += 1 }
    let expected = Double(n) / 20
    let chiSquare = counts.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
    #expect(chiSquare < 43.8)
  }
}
