import Configurations
import Datasets
import Files
import Foundation
import TestSupport
import Testing

@Suite struct DatasetReportTests {
  @Test func aReportIsReadable() throws {
    let report = DatasetReport(of: EmbeddingSource(path: hdf5Fixture("f16_gzip_fixed_strings")))
    let digest = try SHA256.hex(ofFile: hdf5Fixture("f16_gzip_fixed_strings"))
    #expect(report.isUsable)
    #expect(
      report.text == """
        \(hdf5Fixture("f16_gzip_fixed_strings"))
        vectors   float16, 12 x 8, chunked 5x3 (shuffle, gzip)
        sha256    \(digest)
        images    12, most of one subject 3
        subjects  4; images each: 4 with at least 2, 0 with at least 5, 0 with at least 10
        gender    2 male (6 images), 2 female (6 images), 0 unlabelled (0 images)
        norms     4.381 +- 2.676, from 0.740 to 9.113
        cosines   mean of mated pairs 0.727, of non-mated pairs -0.201
        equal     no row equals another
        usable
        """)
  }

  @Test func aBadFileIsDescribedAsFarAsItGoes() {
    let report = DatasetReport(of: EmbeddingSource(path: hdf5Fixture("integer_labels")))
    #expect(!report.isUsable)
    #expect(report.text.contains("subjects  4;"))
    #expect(report.text.contains("problem   \(hdf5Fixture("integer_labels")): 'gender' has 2"))
    #expect(report.text.hasSuffix("not usable: 1 problem"))
  }

  @Test func aMissingFileIsOneProblem() {
    let report = DatasetReport(of: EmbeddingSource(path: "/nowhere/x.h5"))
    #expect(
      report.findings.problems == [
        "/nowhere/x.h5: no such file; expected an HDF5 file, see datasets.md"
      ])
  }

  @Test(arguments: [
    ("LFW", 5_749), ("color-feret", 994), ("Adience, 1 album", 2_284), ("morph2", 13_618),
  ])
  func publishedCountsAreFoundByAnySpelling(_ name: String, _ subjects: Int) {
    #expect(PublishedCounts(dataset: name)?.subjects == subjects)
    #expect(PublishedCounts(dataset: "SYNTHETIC \(name)") == nil)
  }

  /// Figures of the data's own README.
  @Test(
    .enabled(if: realDataFolder != nil, "\(realDataAreMissing)"),
    arguments: [
      ("lfw_arcface-mbf512_A", "mated pairs 0.662, of non-mated pairs 0.0086"),
      ("lfw_insightface512_A", "mated pairs 0.664, of non-mated pairs 0.0122"),
      ("lfw_facenet128_A", "mated pairs 0.760, of non-mated pairs 0.0309"),
      ("adience-subset_arcface-mbf512_A", "mated pairs 0.617, of non-mated pairs 0.0198"),
    ])
  func realFilesHaveTheirKnownMeanCosines(_ name: String, _ text: String) {
    let path = realDataFolder!.appendingPathComponent("\(name).h5").path
    let report = DatasetReport(of: EmbeddingSource(path: path))
    #expect(report.isUsable && report.text.contains(text))
  }
}
