// Tables beside Figure 4 (definitions 7 and 12): where heat maps lie, whether they are specific to a person,
// and whether what they mark matters to the score.
import AttackReports
import Biometrics
import Configurations
import Foundation
import Records
import Results
import Specs

/// The tables from records of heat maps.
///
/// - Parameter title: of the experiment; empty: not known.
package func figure4Tables(_ maps: [MapRecord], title: String = "") -> ReportDocument {
  let part = Figure4Part(maps: maps)
  return ReportDocument(
    name: "figure4", title: "Figure 4: attention", reading: part.reading,
    tables: [part.attention(), part.likeness(), part.deletion()]
      + (part.hasPixels ? [part.pixels()] : []) + [part.scores()],
    tidy: part.tidyRows(), isSynthetic: part.isSynthetic,
    provenance: ProvenanceSummary(of: maps.map(\.provenance), title: title),
    command: nil)
}

/// The tables and rows of some records.
struct Figure4Part {
  let maps: [MapRecord]

  var isSynthetic: Bool { maps.contains(where: \.isSynthetic) }
  /// Whether occluded faces were embedded again.
  var hasPixels: Bool { maps.contains { $0.pixelDeletion != nil } }

  /// How shares are printed.
  static let share = CellFormat.percentTenths
  private static let coefficient = CellFormat.equitability

  /// How to read the tables.
  var reading: [String] {
    maps.map { record in
      "\(record.key.title): \(grouped(record.images)) images of \(grouped(record.people)) people, "
        + "\(grouped(record.matedTrials)) mated trials (a person's other images against its reference), "
        + "\(grouped(record.nonMatedTrials)) non-mated ones (every image against the reference of the "
        + "next person of its gender); \(record.shape[0]) maps of \(record.shape[1])x\(record.shape[2]), "
        + "\(record.tail) tail; the maps lead to the stored embeddings with a largest deviation of "
        + "\(significantText(record.deviation, 2)) (allowed \(significantText(record.tolerance, 2)))."
    }
      + maps.compactMap { record in
        record.pixelDeletion.map {
          "\(record.key.title): the network that embedded the greyed faces gives the stored embeddings "
            + "of the faces as they are with a largest deviation of "
            + "\(significantText($0.deviation, 2)) (allowed "
            + "\(significantText($0.tolerance, 2)))."
        }
      } + [
        "Grad-CAM++ of the logit (MOTE) or of the cosine with the reference sample (traditional), rule "
          + "'library' (eps 1e-6) or 'paper' (no eps); maps are resampled to the face.",
        "Intervals: 95 %, people drawn with replacement; differences from the traditional score's maps are "
          + "of the same trials and draws.",
      ]
  }

  /// A system, for people.
  func name(_ system: String) -> String { system == "mote" ? "MOTE" : "Traditional" }

  private func text(_ regions: [FaceRegion]) -> String {
    regions.count == 1 ? regions[0].rawValue : regions.map(\.rawValue).joined(separator: ", ")
  }

  /// Lines of each record as one table, with its labels in front.
  func table(
    _ name: String, _ title: String, caption: String, _ columns: [TableColumn],
    _ lines: (MapRecord) -> [TableRow]
  ) -> Table {
    Table(
      name: "figure4-\(name)", title: "Figure 4: \(title)", caption: caption,
      isSynthetic: isSynthetic,
      columns: TableColumn.labels("Dataset", "Extractor", "Configuration") + columns,
      rows: maps.flatMap { record in
        TableRow.block(
          [record.key.dataset, record.key.extractor, record.key.preset ?? ""], lines(record))
      })
  }

  /// Shares of the strongest tenth by region, of the library rule.
  func attention() -> Table {
    table(
      "attention", "where the strongest tenth of the map lies",
      caption:
        "Share of the strongest 10 % of a map's pixels in regions of the face, mean over trials, "
        + "beside the share that pixels drawn at random would have. Alpha rule 'library'; the CSV has "
        + "both rules.",
      TableColumn.labels("Trials", "System", "Region")
        + [
          TableColumn("Share", unit: "%"), TableColumn("Random", unit: "%"),
          TableColumn("Share − random", unit: "%"),
          TableColumn("Share − traditional", unit: "%"),
        ]
    ) { record in
      record.attention.filter { $0.rule == .library }.map { found in
        TableRow([
          TableCell(found.isMated ? "mated" : "non-mated"), TableCell(name(found.system)),
          TableCell(text(found.regions)), TableCell(found.share, Self.share),
          TableCell(Self.share.text(found.uniform)),
          TableCell(found.againstUniform, Self.share, isSigned: true),
          found.system == "traditional"
            ? TableCell(CellFormat.absent)
            : TableCell(found.againstTraditional, Self.share, isSigned: true),
        ])
      }
    }
  }

  /// Bhattacharyya coefficients, of the library rule.
  func likeness() -> Table {
    table(
      "likeness", "are maps specific to a person",
      caption:
        "Bhattacharyya coefficient of pairs of maps, of one person and of two. Own: mated trials, so "
        + "that maps of one person share the reference, too. One reference: both against the same reference. "
        + "Two references: different images against different ones. Other images: the cosine with the mean direction of the "
        + "person's other images, without enrolment. Alpha rule 'library'; the CSV has both rules.",
      TableColumn.labels("Pairs", "System", "Form")
        + [
          TableColumn("Same person"), TableColumn("Different"), TableColumn("Difference"),
          TableColumn("Pairs, same"), TableColumn("Pairs, different"),
        ]
    ) { record in
      record.likeness.filter { $0.rule == .library }.map { found in
        TableRow([
          TableCell(found.pairing.rawValue), TableCell(name(found.system)), TableCell(found.form),
          TableCell(found.same, Self.coefficient), TableCell(found.different, Self.coefficient),
          TableCell(found.difference, Self.coefficient, isSigned: true),
          TableCell(grouped(found.samePairs)), TableCell(grouped(found.differentPairs)),
        ])
      }
    }
  }

  /// Scores, and how far alpha is from a weighting.
  func scores() -> Table {
    table(
      "alpha", "scores and alpha",
      caption:
        "Mean scores of the explained trials; share of alpha outside [0, 1], where Eq. 19 of "
        + "Grad-CAM++ is no weighting; maps without any positive cell.",
      TableColumn.labels("System")
        + [TableColumn("Mated score"), TableColumn("Non-mated score")]
        + AlphaRule.allCases.flatMap { rule in
          [
            TableColumn("Alpha outside", unit: "%", group: "Rule '\(rule.rawValue)'"),
            TableColumn("Empty maps", group: "Rule '\(rule.rawValue)'"),
          ]
        }
    ) { record in
      record.scores.map { found in
        let format = CellFormat(decimals: 3)
        return TableRow(
          [
            TableCell(name(found.system)),
            TableCell(found.meanMated.map(format.text) ?? CellFormat.absent),
            TableCell(found.meanNonMated.map(format.text) ?? CellFormat.absent),
          ]
            + AlphaRule.allCases.flatMap { rule in
              [
                TableCell(
                  found.alphaOutside[rule.rawValue].map(CellFormat(shift: 2, decimals: 2).text)
                    ?? CellFormat.absent),
                TableCell(found.emptyMaps[rule.rawValue].map { "\($0)" } ?? CellFormat.absent),
              ]
            })
      }
    }
  }

  /// All numbers with their intervals, both rules.
  func tidyRows() -> [TidyRow] {
    maps.flatMap { record -> [TidyRow] in
      func row(
        _ system: String, _ quantity: String, _ value: MeanOverPeople?, convention: String,
        rule: String,
        group: String, plain: Double? = nil, note: String = ""
      ) -> TidyRow {
        let key = record.key
        return TidyRow(
          dataset: key.dataset, extractor: key.extractor, system: system,
          preset: system == "mote" ? key.preset : nil,
          balancingFactor: system == "mote" ? key.balancingFactor : nil, group: group,
          convention: convention, quantity: quantity, rule: rule, value: value?.value ?? plain,
          lower: value?.lower, upper: value?.upper,
          intervalMethod: value?.method, isSynthetic: record.isSynthetic,
          note: [note, value?.note ?? ""].filter { !$0.isEmpty }.joined(separator: "; "))
      }
      var rows: [TidyRow] = []
      for found in record.attention {
        let convention = found.isMated ? "mated" : "non-mated"
        func add(_ quantity: String, _ value: MeanOverPeople?, _ plain: Double? = nil) {
          rows.append(
            row(
              found.system, quantity, value, convention: convention, rule: found.rule.rawValue,
              group: text(found.regions), plain: plain))
        }
        add("map-share", found.share)
        add("map-share-random", nil, found.uniform)
        add("map-share-minus-random", found.againstUniform)
        if found.system != "traditional" {
          add("map-share-minus-traditional", found.againstTraditional)
        }
      }
      for found in record.likeness {
        for (quantity, value) in [
          ("likeness-same", found.same), ("likeness-different", found.different),
          ("likeness-difference", found.difference),
        ] {
          rows.append(
            row(
              found.system, quantity, value, convention: found.pairing.rawValue,
              rule: found.rule.rawValue, group: found.form,
              note: "\(found.samePairs) and \(found.differentPairs) pairs"))
        }
      }
      let falls =
        record.deletion.map { ($0, "\($0.cells), \($0.count)") }
        + (record.pixelDeletion?.drops ?? []).map { ($0, "\($0.cells), \($0.count) pixels") }
      for (found, group) in falls {
        for (quantity, value) in [
          ("score-fall", found.drop), ("score-fall-difference", found.strongestMinusThis),
        ] where quantity == "score-fall" || found.cells != "most relevant" {
          rows.append(
            row(
              found.system, quantity, value, convention: "mated", rule: "library",
              group: group))
        }
      }
      for found in record.scores {
        rows.append(
          row(
            found.system, "mean-score", nil, convention: "mated", rule: "", group: "all",
            plain: found.meanMated))
        rows.append(
          row(
            found.system, "mean-score", nil, convention: "non-mated", rule: "", group: "all",
            plain: found.meanNonMated))
        for rule in AlphaRule.allCases {
          rows.append(
            row(
              found.system, "alpha-outside", nil, convention: "all", rule: rule.rawValue,
              group: "all", plain: found.alphaOutside[rule.rawValue]))
        }
      }
      return rows
    }
  }
}
