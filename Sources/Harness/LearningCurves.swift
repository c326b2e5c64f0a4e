import ArgumentParser
import Experiments

/// `Harness learning-curves SPEC`: how trainings go, epoch by epoch, definitions 6.9.
struct LearningCurves: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learning-curves",
    abstract:
      "Show how trainings go, epoch by epoch, beside real images that took no part in them.",
    discussion: """
      Trains networks of some people of every configuration as enrolment does, and notes after every epoch \
      the losses, the learning rate, and how many real images of others, carried over to the person, the \
      network rejects (the spec's section 'learning_curves'). Where the folder of the experiment has records \
      of a run of the same inputs, the people with the most false non-matches are observed, too.

      Example:
        Harness learning-curves experiments/lfw-half-learning.yaml
      """)

  @OptionGroup var spec: SpecOptions
  @OptionGroup var kernels: KernelOptions
  @OptionGroup var threads: WorkerOptions

  func run() throws {
    try spec.measureApart(
      outputs: { _ in ["learning-curves"] },
      work: {
        try LearningCurvesRun(
          $0, results: spec.results, workers: threads.workers, interruption: $1, report: $2
        ).run()
      })
  }
}
