import Configurations
import Datasets
import Foundation
import Kernels
import MOTE
import Workers

/// Our training: persons one after the other on each thread, as the harness enrols them.
package struct OurTraining: ContestantServer.Work {
  private let context: EnrolmentContext
  private let workers: [EnrolmentWorker]
  private let references: FloatMatrix
  private let persons: Int
  private var runs = 0

  /// - Parameters:
  ///   - inputs: folder with the shared inputs.
  ///   - hiddenWidths: of the network, e.g. [128, 64].
  ///   - cohortRows: rows with label 0; half as many synthetic mated rows are drawn.
  ///   - developmentRows: rows with label 0 that the loss is taken of after every epoch, with half as
  ///     many synthetic mated ones; 0: there is no validation. No training ends before `epochs`.
  ///   - persons: persons per run.
  package init(
    inputs: URL, hiddenWidths: [Int], cohortRows: Int, developmentRows: Int = 0, epochs: Int,
    persons: Int, threads: Int
  ) throws {
    // One density with the bandwidth the peers use; a factor of 1 draws all rows from it.
    let density = IntraSubjectKDE(
      gender: .male, residuals: try BenchmarkInput.residuals.matrix(in: inputs), bandwidth: 0.01,
      searchedRows: 0)
    let densities = GenderKDEs(male: density, female: nil)
    context = try EnrolmentContext(
      configuration: TrainingConfiguration(
        hiddenWidths: hiddenWidths, dropout: 0.5, optimiser: .adamw, beta2: 0.999, epsilon: 1e-8,
        weightDecay: 5e-5, maximumLearningRate: 0.01, scheduleStep: .epoch, epochs: epochs,
        batchSize: 128, patience: developmentRows > 0 ? epochs + 1 : nil, batching: .shuffled,
        matedShare: nil),
      cohort: try BenchmarkInput.cohort.matrix(in: inputs, rows: cohortRows),
      development: developmentRows > 0
        ? try BenchmarkInput.probes.matrix(in: inputs, rows: developmentRows)
        : FloatMatrix(rows: 0, columns: benchmarkDimension),
      trainingDensities: densities, validationDensities: densities)
    let shared = context
    workers = (0..<threads).map { _ in EnrolmentWorker(context: shared) }
    references = try BenchmarkInput.references.matrix(in: inputs)
    self.persons = persons
  }

  /// Networks of the first persons.
  func networks() throws -> [MoteReference] {
    try (0..<persons).map { k in
      try workers[0].enrol(
        reference: references.base + k % references.rows * references.stride,
        subjectKey: UInt32(k), balancingFactor: 1, seed: 1
      ).reference
    }
  }

  /// Trains the next persons; the result is the mean training loss of their last epoch.
  package mutating func run() throws -> ContestantServer.Done {
    let first = runs * persons
    runs += 1
    let losses = UnsafeMutableBufferPointer<Double>.allocate(capacity: persons)
    losses.initialize(repeating: 0)
    defer { losses.deallocate() }
    let references = references
    let workers = workers
    try concurrently(units: persons, workers: workers.count) { worker, k in
      losses[k] = try workers[worker].enrol(
        reference: references.base + (first + k) % references.rows * references.stride,
        subjectKey: UInt32(first + k), balancingFactor: 1, seed: 1
      ).training.last.trainingLoss
    }
    let rows = context.cohort.rows + context.trainingSlots
    return ContestantServer.Done(
      work: persons * context.configuration.epochs * rows, identities: persons,
      result: losses.reduce(0, +) / Double(persons))
  }
}
