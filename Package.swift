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
    // SHA-256 of libcrypto.
    .target(name: "CCrypto", linkerSettings: [.linkedLibrary("crypto")]),
    // Vector loops that Swift cannot generate (each file says what was measured).
    .target(name: "CKernels", cSettings: optimisedC),

    // MARK: - Ground: numbers
    // Random numbers, dense math, networks, optimiser, schedule. Knows nothing of faces.
    .target(
      name: "Kernels", dependencies: ["CKernels", "COpenBLAS"], swiftSettings: optimised),
    // Error rates, operating points, intervals, bootstrap, fairness. Usable alone.
    .target(name: "Biometrics", swiftSettings: optimised),

    // MARK: - The build
    // Writes the revision that a build is made from into the module below.
    .plugin(name: "RecordRevision", capability: .buildTool()),
    .target(name: "Revision", plugins: ["RecordRevision"]),

    // MARK: - Stages
    // Embeddings from HDF5, checks, synthetic data, partitions, comparison protocol.
    .target(
      name: "Datasets", dependencies: ["CHDF5", "CCrypto", "Kernels"], swiftSettings: optimised),
    // Intra-subject KDE, synthetic mated samples, enrolment, comparators.
    .target(name: "MOTE", dependencies: ["Kernels", "Datasets"], swiftSettings: optimised),
    // Protection schemes and gender-inference attacks.
    .target(
      name: "Privacy",
      dependencies: ["Kernels", "CKernels", "Biometrics", "Datasets", "MOTE", "COpenBLAS"],
      swiftSettings: optimised),
    // Grad-CAM++.
    .target(name: "Explain", dependencies: ["Kernels", "MOTE"], swiftSettings: optimised),

    // MARK: - Whole experiments
    // Specs, plan, runner, records, provenance.
    .target(
      name: "Experiments",
      dependencies: [
        "Kernels", "Biometrics", "Datasets", "MOTE", "Privacy", "CCrypto", "CHDF5", "COpenBLAS",
        "Revision",
        .product(name: "Yams", package: "Yams"), .product(name: "Logging", package: "swift-log"),
      ]),
    // Tables and figures from records; trains nothing.
    .target(name: "Reports", dependencies: ["Biometrics", "Experiments"]),
    // Ours and its peers side by side: workloads, runner, CSV, report.
    .target(
      name: "Benchmark",
      dependencies: ["Kernels", "Biometrics", "Datasets", "MOTE", "Experiments", "Reports"]),
    // Fixtures of independent implementations held against ours.
    .target(
      name: "Verification",
      dependencies: [
        "CHDF5", "Kernels", "Biometrics", "Datasets", "MOTE", "Privacy", "Explain", "Reports",
      ]),
    // The command line: parses, calls one function, prints.
    .executableTarget(
      name: "Harness",
      dependencies: [
        "Kernels", "Biometrics", "Datasets", "MOTE", "Experiments", "Reports", "Benchmark",
        "Verification", "Revision",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // MARK: - Tests (each mirrors its module)
    .target(name: "TestSupport", dependencies: ["Kernels"], path: "Tests/TestSupport"),
    .testTarget(name: "KernelsTests", dependencies: ["Kernels", "CKernels", "TestSupport"]),
    .testTarget(name: "BiometricsTests", dependencies: ["Biometrics", "Kernels", "TestSupport"]),
    .testTarget(name: "DatasetsTests", dependencies: ["Datasets", "TestSupport"]),
    .testTarget(name: "MOTETests", dependencies: ["MOTE", "Kernels", "Datasets", "TestSupport"]),
    .testTarget(name: "PrivacyTests", dependencies: ["Privacy", "TestSupport"]),
    .testTarget(name: "ExplainTests", dependencies: ["Explain", "TestSupport"]),
    .testTarget(name: "ExperimentsTests", dependencies: ["Experiments", "TestSupport"]),
    .testTarget(
      name: "ReportsTests", dependencies: ["Reports", "Biometrics", "Experiments", "TestSupport"]),
    .testTarget(
      name: "BenchmarkTests",
      dependencies: ["Benchmark", "Kernels", "MOTE", "Reports", "TestSupport"]),
    .testTarget(
      name: "VerificationTests", dependencies: ["Verification", "Biometrics", "TestSupport"]),
    .testTarget(name: "HarnessTests", dependencies: ["Revision", "TestSupport"]),
  ]
)
