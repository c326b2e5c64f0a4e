// swift-tools-version: 6.1
// The map of the project: targets in data-flow order, arrows only point upwards in this file.
import PackageDescription

/// Hot loops stay optimised in debug builds, so that training tests run inside a plain `swift test`.
let optimised: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]
let optimisedC: [CSetting] = [.unsafeFlags(["-O2"], .when(configuration: .debug))]

let package = Package(
  name: "mote-harness",
  products: [
    .executable(name: "Harness", targets: ["Harness"]),
    .library(name: "Biometrics", targets: ["Biometrics"]),
  ],
  dependencies: [
    // Provenance and `--version` name these versions (Plugins/RecordRevision).
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
    .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    // `make docs` alone.
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", exact: "1.5.0"),
  ],
  targets: [
    // MARK: - C libraries and C kernels
    // HDF5, wrapped so that Swift can import its macros.
    .target(name: "CHDF5", linkerSettings: [.linkedLibrary("hdf5_serial")]),
    // BLAS and LAPACK.
    .target(
      name: "COpenBLAS", linkerSettings: [.linkedLibrary("openblas"), .linkedLibrary("lapacke")]),
    // What a process that parses files of strangers may not do.
    .target(name: "CConfinement"),
    // SHA-256 of libcrypto.
    .target(name: "CCrypto", linkerSettings: [.linkedLibrary("crypto")]),
    // Inflating of libz, on which the HDF5 library rests.
    .target(name: "CZlib", linkerSettings: [.linkedLibrary("z")]),
    // Vector loops that Swift cannot generate (each file says what was measured).
    .target(name: "CKernels", cSettings: optimisedC),

    // MARK: - Ground: numbers
    // Random numbers, dense math, networks, optimiser, schedule. Knows nothing of faces.
    .target(
      name: "Kernels", dependencies: ["CKernels", "COpenBLAS"], swiftSettings: optimised),
    // Units of work on several threads, with the same result for any number of them.
    .target(name: "Workers", swiftSettings: optimised),
    // Error rates, operating points, intervals, bootstrap, fairness. Usable alone.
    .target(name: "Biometrics", dependencies: ["Workers"], swiftSettings: optimised),

    // MARK: - Ground: files
    // Digests of files, and files that are complete or absent.
    .target(name: "Files", dependencies: ["CCrypto"]),

    // MARK: - Ground: plain values
    // Settings of training, densities, partitions, comparisons, schemes and attacks.
    .target(name: "Configurations"),

    // MARK: - Ground: HDF5
    // HDF5 files, read by a process of their own.
    .target(
      name: "HDF5",
      dependencies: [
        "Configurations", "Files", "Kernels",
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ], swiftSettings: optimised),
    // The library itself: answers in that process, and files written here.
    .target(
      name: "HDF5Library", dependencies: ["CConfinement", "CHDF5", "Files", "HDF5"],
      swiftSettings: optimised),

    // What an audit of one system found.
    .target(name: "AttackReports", dependencies: ["Biometrics", "Configurations"]),

    // MARK: - The build
    // Writes the revision that a build is made from into the module below.
    .plugin(name: "RecordRevision", capability: .buildTool()),
    .target(name: "Revision", plugins: ["RecordRevision"]),

    // MARK: - Stages
    // Embeddings from HDF5, checks, synthetic data, partitions, comparison protocol.
    .target(
      name: "Datasets",
      dependencies: ["Configurations", "Files", "HDF5", "HDF5Library", "Kernels", "Workers"],
      swiftSettings: optimised),
    // Embeddings and labels of others (.npy, .npz, CSV, HDF5 of any layout) into one file of ours.
    .target(
      name: "Import",
      dependencies: [
        "CZlib", "Configurations", "Datasets", "Files", "Kernels", "HDF5", "HDF5Library",
      ],
      swiftSettings: optimised),
    // Intra-subject KDE, synthetic mated samples, enrolment, comparators.
    .target(
      name: "MOTE",
      dependencies: [
        "Biometrics", "COpenBLAS", "Configurations", "Kernels", "Datasets", "Files", "Workers",
        "HDF5", "HDF5Library",
      ],
      swiftSettings: optimised),
    // Protection schemes and gender-inference attacks.
    .target(
      name: "Privacy",
      dependencies: [
        "AttackReports", "Configurations", "Kernels", "CKernels", "Biometrics", "Datasets",
        "COpenBLAS",
      ],
      swiftSettings: optimised),
    // Two kinds of samples: distances, classifiers, permutations.
    .target(
      name: "Likeness",
      dependencies: ["Biometrics", "COpenBLAS", "Kernels", "Privacy", "Workers"],
      swiftSettings: optimised),
    // Grad-CAM++.
    .target(
      name: "Explain",
      dependencies: [
        "AttackReports", "Biometrics", "Configurations", "Datasets", "Files", "Kernels", "HDF5",
        "HDF5Library",
      ],
      swiftSettings: optimised),

    // MARK: - Whole experiments
    // What an experiment is: the typed spec, its sections beside their readers, cells and their names.
    .target(name: "Specs", dependencies: ["Biometrics", "Configurations"]),
    // What a run leaves on disk: records, score blocks, templates, provenance, store, lock.
    .target(
      name: "Records",
      dependencies: [
        "AttackReports", "Biometrics", "Configurations", "Files", "Specs", "Workers",
      ]),
    // Runs, attacks, costs and plans; the terminal.
    .target(
      name: "Experiments",
      dependencies: [
        "AttackReports", "Configurations", "Kernels", "Biometrics", "Datasets", "Explain",
        "Likeness", "MOTE",
        "Privacy", "Specs", "Records", "Files", "Workers", "Revision",
        .product(name: "Logging", package: "swift-log"), "HDF5", "HDF5Library",
      ]),
    // What was found: records of an experiment side by side, repeats pooled, differences of systems, the
    // paper's values.
    .target(
      name: "Results",
      dependencies: ["AttackReports", "Biometrics", "Configurations", "Files", "Specs", "Records"]),
    // The paper's claims as data, and the answers that results give.
    .target(
      name: "Claims",
      dependencies: [
        "AttackReports", "Biometrics", "Configurations", "Records", "Results", "Specs",
      ]),
    // Specs from YAML files, with `extends`; claims likewise.
    .target(
      name: "SpecFiles",
      dependencies: ["Claims", "Files", "Specs", .product(name: "Yams", package: "Yams")]),
    // How it is laid out: tables, figures, pages. No trainer, no YAML, no OpenBLAS.
    .target(
      name: "Reports",
      dependencies: [
        "AttackReports", "Biometrics", "Claims", "Configurations", "Files", "Specs", "Records",
        "Results", "Workers",
      ]),
    // Ours and its peers side by side: workloads, runner, CSV, report.
    .target(
      name: "Benchmark",
      dependencies: [
        "Configurations", "Files", "Kernels", "Biometrics", "Datasets", "MOTE", "Specs",
        "SpecFiles", "Records", "Experiments", "Reports", "Results", "Workers",
      ]),
    // Fixtures of independent implementations held against ours.
    .target(
      name: "Verification",
      dependencies: [
        "AttackReports", "Configurations", "Kernels", "Biometrics", "Datasets", "Files", "MOTE",
        "Privacy", "Explain", "Likeness", "Reports", "Results", "Workers", "HDF5",
      ]),
    // The command line: parses, calls one function, prints.
    .executableTarget(
      name: "Harness",
      dependencies: [
        "Claims", "Explain", "Files", "Kernels", "Biometrics", "Datasets", "Import", "MOTE",
        "Specs",
        "SpecFiles", "Records",
        "Experiments", "Results", "Reports", "Benchmark", "Verification", "Revision",
        .product(name: "ArgumentParser", package: "swift-argument-parser"), "HDF5Library",
      ]),

    // MARK: - Tests (each mirrors its module)
    .target(
      name: "TestSupport",
      dependencies: ["Biometrics", "Kernels", "Records", "Specs", "SpecFiles"],
      path: "Tests/TestSupport"),
    .testTarget(name: "KernelsTests", dependencies: ["Kernels", "CKernels", "TestSupport"]),
    .testTarget(name: "WorkersTests", dependencies: ["Workers"]),
    .testTarget(name: "FilesTests", dependencies: ["Files", "TestSupport"]),
    .testTarget(name: "BiometricsTests", dependencies: ["Biometrics", "Kernels", "TestSupport"]),
    .testTarget(
      name: "DatasetsTests",
      dependencies: [
        "Configurations", "Datasets", "Files", "Kernels", "TestSupport", "HDF5", "HDF5Library",
      ]),
    .testTarget(
      name: "ImportTests",
      dependencies: [
        "Import", "Configurations", "Datasets", "Files", "Kernels", "TestSupport", "HDF5",
        "HDF5Library",
      ]),
    .testTarget(
      name: "MOTETests",
      dependencies: ["MOTE", "Configurations", "Kernels", "Datasets", "TestSupport"]),
    .testTarget(
      name: "PrivacyTests",
      dependencies: [
        "Privacy", "AttackReports", "Configurations", "Kernels", "Datasets", "TestSupport",
      ]),
    .testTarget(
      name: "LikenessTests", dependencies: ["Likeness", "Kernels", "Privacy", "TestSupport"]),
    .testTarget(
      name: "ExplainTests",
      dependencies: [
        "Configurations", "Datasets", "Explain", "Kernels", "TestSupport", "HDF5", "HDF5Library",
      ]),
    .testTarget(
      name: "SpecsTests",
      dependencies: [
        "Biometrics", "Configurations", "Records", "Specs", "SpecFiles", "TestSupport",
      ]),
    .testTarget(
      name: "RecordsTests",
      dependencies: ["Biometrics", "Files", "Records", "Specs", "SpecFiles", "TestSupport"]),
    .testTarget(
      name: "ExperimentsTests",
      dependencies: [
        "AttackReports", "Biometrics", "Configurations", "Datasets", "Explain", "MOTE", "Privacy",
        "Specs",
        "SpecFiles", "Records", "Experiments", "Reports", "Kernels", "TestSupport", "HDF5",
        "HDF5Library",
      ]),
    .testTarget(
      name: "ResultsTests",
      dependencies: ["Biometrics", "Records", "Results", "Specs", "TestSupport"]),
    .testTarget(
      name: "ClaimsTests",
      dependencies: [
        "Claims", "AttackReports", "Biometrics", "Configurations", "Records", "Results",
        "SpecFiles",
        "Specs", "TestSupport",
      ]),
    .testTarget(
      name: "ReportsTests",
      dependencies: [
        "Reports", "Results", "Claims", "AttackReports", "Biometrics", "Configurations", "Files",
        "Privacy", "Specs", "Records", "Kernels", "SpecFiles", "TestSupport",
      ]),
    .testTarget(
      name: "BenchmarkTests",
      dependencies: [
        "Benchmark", "Configurations", "Files", "Kernels", "MOTE", "Reports", "TestSupport",
      ]),
    .testTarget(
      name: "VerificationTests", dependencies: ["Verification", "Biometrics", "TestSupport"]),
    .testTarget(name: "HarnessTests", dependencies: ["Revision", "TestSupport"]),
  ]
)

// `make fuzz` alone: libFuzzer brings the main function.
if Context.environment["MOTE_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "Fuzz",
      dependencies: [
        "Claims", "Datasets", "Files", "HDF5", "HDF5Library", "Import", "MOTE", "Records",
        "SpecFiles", "Specs",
      ],
      path: "Tests/Fuzz", exclude: ["Corpora", "run.sh"],
      swiftSettings: [.unsafeFlags(["-parse-as-library"])],
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]))
}
