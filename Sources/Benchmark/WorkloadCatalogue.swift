// The work of the benchmark and its goals. Sizes are those the goals are stated for; the quick scale
// has ours alone, on smaller work.
import Configurations

extension Workload {
  /// All workloads in the order in which they run.
  package static func catalogue(_ scale: BenchmarkScale) -> [Workload] {
    let sizes = CatalogueSizes(scale)
    let all = [
      training("train", "512-128-64-1", architecture: "paper", sizes, cores: 1),
      training("train", "512-128-64-1", architecture: "paper", sizes, cores: 2),
      training("train-code", "512-128-64-16-1", architecture: "code", sizes, cores: 1),
      training("train-code", "512-128-64-16-1", architecture: "code", sizes, cores: 2),
      paperSetup(sizes),
      scoring(sizes, cores: 1), scoring(sizes, cores: 2),
      identification(sizes, "float32"), identification(sizes, "float16"),
      identification(sizes, "int8"), identificationOfBatch(sizes),
      cosines(sizes, batch: 1), cosines(sizes, batch: 64),
      rates(sizes), bandwidth(sizes), bootstrap(sizes), repeatedBootstrap(sizes),
      enrolmentCurve(sizes), comparisonCurve(sizes),
    ]
    guard scale == .quick else { return all }
    return all.map { workload in
      var ours = workload
      ours.contestants.removeAll { !$0.isOurs }
      ours.goals.removeAll { workload.needsPeers($0) || !sizes.isFull(workload) }
      return ours
    }
  }

  /// The workloads named, in the order of the catalogue; all when none is named.
  ///
  /// - Throws: `BenchmarkError.unknownWorkload`.
  package static func select(_ names: [String], _ scale: BenchmarkScale) throws -> [Workload] {
    let all = catalogue(scale)
    for name in names where !all.contains(where: { $0.name == name }) {
      throw BenchmarkError.unknownWorkload(name, known: all.map(\.name))
    }
    return names.isEmpty ? all : all.filter { names.contains($0.name) }
  }

  /// Training of one person's network, the peers as PyTorch users write it.
  private static func training(
    _ name: String, _ network: String, architecture: String, _ sizes: CatalogueSizes, cores: Int
  ) -> Workload {
    func ours(_ contestant: String, _ title: String, threads: Int) -> Contestant {
      let persons = sizes.persons * threads
      return Contestant(
        contestant, title,
        .ours(["train", "--architecture", architecture, "--persons", "\(persons)"]),
        threads: threads)
    }
    func peer(_ mode: PyTorchTraining) -> Contestant {
      mode.contestant(["--arch", architecture], processes: cores)
    }
    var contestants = [ours("ours", cores == 1 ? "ours" : "ours, 2 workers", threads: cores)]
    if cores > 1 { contestants.append(ours("ours-one", "ours, 1 worker", threads: 1)) }
    contestants.append(peer(.official))
    if cores == 1 {
      contestants.append(
        Contestant(
          "dense", "dense products alone, OpenBLAS",
          .ours(["dense-train", "--architecture", architecture, "--persons", "\(sizes.persons)"])))
    }
    if cores == 1 { contestants.append(peer(.careful)) }
    contestants += [peer(.manual), peer(.batched)]
    var goals = PyTorchTraining.goals(publicCode: 9, best: 3.5)
    if cores > 1 { goals = [.faster(than: ["ours-one"], times: 1.9, name: "one worker")] }
    if cores == 1 && architecture == "paper" { goals.append(.secondsPerItem(atMost: 0.100)) }
    return Workload(
      "\(name)-\(cores)", "Train \(network), \(words(cores))",
      details: "one person's \(network) network: 4,000 cohort rows and 2,000 synthetic mated rows, "
        + "batches of 128, dropout 0.5, AdamW, 10 epochs, no validation.",
      clock: cores == 1 ? .cpu : .wall, item: .identity, workUnit: "samples",
      contestants: contestants, goals: goals, inputs: [.cohort, .residuals, .references])
  }

  /// Training at the sizes of the paper's setup: MORPH is the cohort, LFW the development set.
  private static func paperSetup(_ sizes: CatalogueSizes) -> Workload {
    let rows = sizes.setup
    let sizesOfWork = [
      "--cohort", "\(rows.cohort)", "--development", "\(rows.development)", "--epochs", "2",
    ]
    return Workload(
      "train-setup-1", "Train 512-128-64-1 in the paper's setup, one core",
      details: "one person's 512-128-64-1 network: \(grouped(rows.cohort)) cohort rows and half as "
        + "many synthetic mated rows, batches of 128, dropout 0.5, AdamW, 2 epochs, after each of "
        + "them the loss of \(grouped(rows.development)) development rows and half as many synthetic "
        + "mated ones.",
      clock: .cpu, item: .identity, workUnit: "samples",
      contestants: [
        Contestant("ours", "ours", .ours(["train", "--persons", "2"] + sizesOfWork))
      ] + PyTorchTraining.allCases.map { $0.contestant(sizesOfWork) },
      goals: PyTorchTraining.goals(publicCode: 12, best: 5),
      inputs: [.cohort, .residuals, .references, .probes])
  }

  /// All probes against many models.
  private static func scoring(_ sizes: CatalogueSizes, cores: Int) -> Workload {
    func peer(_ mode: String, _ title: String) -> Contestant {
      Contestant("pytorch-\(mode)", title, .peer(["score", mode]), processes: cores)
    }
    let models = sizes.models * cores
    let dense = Contestant(
      "dense", "dense products alone, OpenBLAS", .ours(["dense-score", "--models", "\(models)"]))
    return Workload(
      "score-\(cores)", "Score all probes, \(words(cores))",
      details:
        "13,233 probes against \(sizes.models) references per core (peers: 16) with a 512-128-64-1 "
        + "network each; every score is kept.",
      clock: cores == 1 ? .cpu : .wall, item: .score, workUnit: "scores",
      contestants: [
        Contestant("ours", "ours", .ours(["score", "--models", "\(models)"]), threads: cores)
      ] + (cores == 1 ? [dense] : []) + [
        peer("official", "PyTorch as the public code"),
        peer("careful", "PyTorch, careful, model by model"),
        peer("batched", "PyTorch, 8 models at once"),
      ],
      goals: cores == 1 ? [] : [.itemsPerSecond(atLeast: 1.5e6)], inputs: [.probes])
  }

  /// One probe after the other among many people, whose networks are in memory.
  private static func identification(_ sizes: CatalogueSizes, _ precision: String) -> Workload {
    func ours(_ name: String, _ title: String, _ work: String, _ precision: String) -> Contestant {
      Contestant(
        name, title,
        .ours([
          work, "--models", "\(sizes.people)", "--probes", "4", "--precision", precision,
        ]), threads: 2, neededBytes: sizes.people * 310_000)
    }
    let isFloat32 = precision == "float32"
    var contestants = [ours("ours", "ours, \(precision)", "search", precision)]
    if !isFloat32 {
      contestants.append(ours("ours-float32", "ours, float32", "search", "float32"))
    }
    contestants.append(ours("read", "reading the same bytes", "read-gallery", precision))
    return Workload(
      "identify-\(precision)", "One probe among \(grouped(sizes.people)) people, \(precision)",
      details: "512-128-64-1 networks in memory: four trained ones, each weight of each person "
        + "times a factor of its own in 1 ± 1/128; probes one after the other, every score is kept.",
      clock: .wall, item: .probe, workUnit: "scores", contestants: contestants,
      goals: isFloat32
        ? [.faster(than: ["read"], times: 0.77, name: "reading the same bytes")]
        : [
          .faster(
            than: ["ours-float32"], times: precision == "int8" ? 3 : 1.7, name: "float32")
        ], inputs: [.cohort, .residuals, .references, .probes])
  }

  /// 64 probes at a time among many people.
  private static func identificationOfBatch(_ sizes: CatalogueSizes) -> Workload {
    func ours(_ name: String, _ precision: String) -> Contestant {
      Contestant(
        name, "ours, \(precision)",
        .ours([
          "search", "--models", "\(sizes.people)", "--probes", "64", "--batch", "64",
          "--precision", precision,
        ]), threads: 2, neededBytes: sizes.people * 310_000)
    }
    return Workload(
      "identify-64", "64 probes among \(grouped(sizes.people)) people",
      details: "the same networks, 64 probes in one pass, every score is kept; the dense products "
        + "are those of 64 rows with one network at a time, which stays in the cache.",
      clock: .wall, item: .score, workUnit: "scores",
      contestants: [
        ours("ours", "float32"), ours("ours-float16", "float16"), ours("ours-int8", "int8"),
        Contestant(
          "dense", "dense products alone, OpenBLAS",
          .ours(["dense-score", "--models", "\(sizes.people / 2)", "--probes", "64"]),
          processes: 2),
      ], goals: [.faster(than: ["dense"], times: 0.77, name: "dense products alone")],
      inputs: [.cohort, .residuals, .references, .probes])
  }

  /// The traditional system's identification.
  private static func cosines(_ sizes: CatalogueSizes, batch: Int) -> Workload {
    let probes = batch == 1 ? 16 : batch
    let sizesOfWork = [
      "--models", "\(sizes.vectors)", "--probes", "\(probes)", "--batch", "\(batch)",
    ]
    return Workload(
      "cosine-\(batch)",
      "\(batch == 1 ? "One probe" : "\(batch) probes") among \(grouped(sizes.vectors)) vectors",
      details:
        "float32 cosines of unit vectors of dimension 512, two cores; ours keeps every score, "
        + "FAISS (IndexFlatIP) the highest of each probe; result: the mean of these.",
      clock: .wall, item: batch == 1 ? .probe : .score, workUnit: "scores",
      contestants: [
        Contestant("ours", "ours", .ours(["cosine"] + sizesOfWork), threads: 2),
        Contestant("faiss", "FAISS flat", .peer(["search", "faiss"] + sizesOfWork), threads: 2),
      ], goals: [.sameResult(as: "faiss", relative: 1e-6)], inputs: [.cohort, .probes])
  }

  /// FNMR at FMR 1e-3.
  private static func rates(_ sizes: CatalogueSizes) -> Workload {
    Workload(
      "rates", "FNMR at FMR 1e-3",
      details: "exact, over \(grouped(sizes.scores)) scores in memory, "
        + "\(grouped(sizes.mated)) of them mated; scikit-learn takes the nearest "
        + "point of its ROC, the others the strict threshold, and must agree.",
      clock: .cpu, item: .evaluation, workUnit: "scores",
      contestants: [
        Contestant("ours", "ours, this one number", .ours(["rates"])),
        Contestant(
          "ours-all", "ours, with ROC, AUC, EER, accuracies, rates of two groups",
          .ours(["evaluate"])),
        Contestant("numpy", "NumPy partition", .peer(["rates", "partition"])),
        Contestant(
          "sklearn", "scikit-learn roc_curve (public code)", .peer(["rates", "sklearn"]),
          mostRuns: 1, neededBytes: 4 << 30),
      ],
      goals: [
        .secondsPerItem(atMost: 0.1), .sameResult(as: "numpy", relative: 1e-15),
        .peakBytes(atMost: 1 << 30),
      ], inputs: [.scores, .mated])
  }

  /// KDE bandwidth by cross-validation.
  private static func bandwidth(_ sizes: CatalogueSizes) -> Workload {
    Workload(
      "bandwidth", "KDE bandwidth search",
      details: "40 bandwidths, 5 folds, \(grouped(sizes.rows)) residuals of "
        + "dimension 512; result: the best mean fold likelihood. scikit-learn's tree sums are not "
        + "exact in 512 dimensions, so its result is not compared.",
      clock: .cpu, item: .search, workUnit: "rows",
      contestants: [
        Contestant("ours", "ours", .ours(["bandwidth", "--rows", "\(sizes.rows)"])),
        Contestant("numpy", "NumPy, distances once", .peer(["kde", "gram"])),
        Contestant(
          "sklearn", "scikit-learn GridSearchCV (public code)", .peer(["kde", "sklearn"]),
          mostRuns: 1),
      ],
      goals: [
        .faster(than: ["sklearn"], times: 1000, name: "scikit-learn"),
        .sameResult(as: "numpy", relative: 1e-9),
      ], inputs: [.residuals])
  }

  /// Subject bootstrap of FNMR at FMR.
  private static func bootstrap(_ sizes: CatalogueSizes) -> Workload {
    Workload(
      "bootstrap", "Subject bootstrap of FNMR at FMR 1e-3",
      details:
        "\(grouped(sizes.replicates)) replicates, \(sizes.references) references × "
        + "13,233 probes of 5,749 subjects, and intervals of all other rates from the same replicates; "
        + "sorting all scores of each replicate again takes hours, so there is no peer.",
      clock: .wall, item: .bootstrap, workUnit: "replicates",
      contestants: [
        Contestant(
          "ours", "ours, 2 workers", .ours(["bootstrap", "--replicates", "\(sizes.replicates)"]),
          threads: 2, mostRuns: 3)
      ],
      goals: [.secondsPerItem(atMost: 30)], inputs: [.scores])
  }

  /// Subject bootstrap of several trainings.
  private static func repeatedBootstrap(_ sizes: CatalogueSizes) -> Workload {
    var workload = bootstrap(sizes)
    workload.name = "bootstrap-repeats"
    workload.title = "Subject bootstrap of three trainings"
    workload.details =
      "The same for three repeats of all comparisons (the same scores three times), pooled: a drawn "
      + "subject brings all its models."
    workload.contestants = [
      Contestant(
        "ours", "ours, 2 workers",
        .ours(["bootstrap", "--replicates", "\(sizes.replicates)", "--repeats", "3"]),
        threads: 2, mostRuns: 3)
    ]
    workload.goals = [.secondsPerItem(atMost: 5)]
    return workload
  }

  /// Seconds per enrolment against cohort rows.
  private static func enrolmentCurve(_ sizes: CatalogueSizes) -> Workload {
    Workload(
      "curve-enrolment", "Enrolment time against cohort rows",
      details: "One 512-128-64-1 network, 2 epochs, half as many synthetic mated rows as cohort "
        + "rows, one core, CPU seconds.",
      clock: .cpu, item: .identity, workUnit: "samples",
      contestants: sizes.cohorts.map { rows in
        Contestant(
          "rows-\(rows)", "\(rows) rows",
          .ours(["train", "--cohort", "\(rows)", "--epochs", "2", "--persons", "1"]), size: rows)
      }, inputs: [.cohort, .residuals, .references], sizeName: "cohort rows")
  }

  /// Seconds per probe against gallery size.
  private static func comparisonCurve(_ sizes: CatalogueSizes) -> Workload {
    Workload(
      "curve-comparison", "Comparison time against gallery size",
      details: "One probe against every reference of the gallery, 512-128-64-1 networks of 296 kB "
        + "each, 16 probes at a time, one core, CPU seconds per probe.",
      clock: .cpu, item: .probe, workUnit: "scores",
      contestants: sizes.galleries.map { references in
        Contestant(
          "references-\(references)", "\(references) references",
          .ours([
            "search", "--models", "\(references)", "--probes", "16", "--batch", "16",
          ]), size: references)
      }, inputs: [.cohort, .residuals, .references, .probes], sizeName: "references")
  }

  private static func words(_ cores: Int) -> String { cores == 1 ? "one core" : "two cores" }
}

extension Workload {
  /// True when the goal compares with a peer.
  fileprivate func needsPeers(_ goal: Goal) -> Bool {
    switch goal {
    case .faster(let names, _, _): names.contains { contestant($0)?.isOurs != true }
    case .sameResult: true
    case .secondsPerItem, .itemsPerSecond, .peakBytes: false
    }
  }
}

/// How PyTorch users write a training.
private enum PyTorchTraining: String, CaseIterable {
  case official, careful, manual, batched

  private var title: String {
    switch self {
    case .official: "PyTorch as the public code"
    case .careful: "PyTorch, careful loop, fused AdamW"
    case .manual: "PyTorch, hand-written backward pass"
    case .batched: "PyTorch, 4 persons in lock step"
    }
  }

  private var name: String { "pytorch-\(rawValue)" }

  /// - Parameter arguments: what the peer's script is told beside the mode.
  func contestant(_ arguments: [String], processes: Int = 1) -> Contestant {
    Contestant(name, title, .peer(["train", rawValue] + arguments), processes: processes)
  }

  /// How many times as long the public code, and the fastest of the others, should take.
  static func goals(publicCode: Double, best: Double) -> [Goal] {
    [
      .faster(than: [official.name], times: publicCode, name: "the public code"),
      .faster(
        than: allCases.filter { $0 != .official }.map(\.name), times: best,
        name: "the best PyTorch"),
    ]
  }
}

/// Sizes by scale.
private struct CatalogueSizes {
  /// Persons ours trains in one run, per thread.
  let persons: Int
  /// References ours scores in one run, per core.
  let models: Int
  let scores: Int
  let mated: Int
  /// References of the score file, with separators.
  let references: String
  let rows = 2_000
  let replicates: Int
  let cohorts: [Int]
  let galleries: [Int]
  /// Rows of the paper's setup: MORPH and LFW.
  let setup: (cohort: Int, development: Int)
  /// People of a search, and vectors of the traditional one.
  let people: Int
  let vectors: Int
  private let scale: BenchmarkScale

  init(_ scale: BenchmarkScale) {
    self.scale = scale
    let isFull = scale == .full
    persons = isFull ? 8 : 3
    models = isFull ? 64 : 16
    scores = BenchmarkInput.scores.count(scale)
    mated = BenchmarkInput.mated.count(scale)
    references = grouped(BenchmarkInput.references(scale))
    replicates = isFull ? 1_000 : 50
    cohorts = isFull ? [500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000] : [100, 1_000, 10_000]
    setup = isFull ? (55_134, 13_233) : (5_500, 1_300)
    people = isFull ? 10_000 : 1_000
    vectors = isFull ? 50_000 : 10_000
    galleries = isFull ? [10, 20, 50, 100, 200, 500, 1_000] : [5, 50, 500]
  }

  /// True when the workload has the size its goals are stated for.
  func isFull(_ workload: Workload) -> Bool {
    scale == .full
      || !["rates", "bootstrap", "bootstrap-repeats"].contains(workload.name)
        && !workload.name.hasPrefix("identify-")
  }
}
