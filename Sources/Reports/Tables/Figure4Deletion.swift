// Whether what heat maps mark matters to the score: deletion by cells and by pixels (definitions 7.4).
import AttackReports
import Biometrics
import Configurations
import Records

extension Figure4Part {
  /// Falls of the score.
  func deletion() -> Table {
    table(
      "deletion", "does what the map marks matter",
      caption:
        "Mean fall of the mated score when cells of the last feature maps are set to their mean over "
        + "all images of the file; random choices are means over 20 draws a trial. A map says more than where "
        + "a face has its nose only if its cells beat the square on the nose. Logits of MOTE and cosines have "
        + "different scales: % is of the distance between the mean mated and non-mated score.",
      fallColumns("Cells deleted", "Number")
    ) { record in falls(record.deletion, record) }
  }

  /// Falls of the score by pixels.
  func pixels() -> Table {
    table(
      "pixels", "does what the map marks matter: deletion by pixels",
      caption:
        "Mean fall of the mated score when pixels of the face are greyed (127.5) and the whole network "
        + "embeds it again. Most and least relevant: by the map resampled to the face; random cells: by a map "
        + "of random values, resampled in the same way; random choices are means over "
        + Set(maps.compactMap(\.pixelDeletion?.draws)).sorted().map(String.init)
        .joined(separator: " or ")
        + " draws an image. The square on the nose is a control without any map; scales as in the table by "
        + "cells.",
      fallColumns("Pixels greyed", "Pixels")
    ) { record in falls(record.pixelDeletion?.drops ?? [], record) }
  }

  private func fallColumns(_ choice: String, _ number: String) -> [TableColumn] {
    TableColumn.labels("System", choice)
      + [
        TableColumn(number), TableColumn("Fall"), TableColumn("Fall", unit: "%"),
        TableColumn("Most relevant − this"),
      ]
  }

  private func falls(_ drops: [ScoreDrop], _ record: MapRecord) -> [TableRow] {
    drops.map { found in
      let format = found.system == "mote" ? CellFormat(decimals: 2) : CellFormat(decimals: 4)
      let gap = gap(record, found.system)
      return TableRow([
        TableCell(name(found.system)), TableCell(found.cells), TableCell(grouped(found.count)),
        TableCell(found.drop, format),
        TableCell(
          found.drop.flatMap { drop in gap.map { Self.share.text(drop.value / $0) } }
            ?? CellFormat.notAvailable),
        found.strongestMinusThis == nil && found.cells == "most relevant"
          ? TableCell(CellFormat.absent)
          : TableCell(found.strongestMinusThis, format, isSigned: true),
      ])
    }
  }

  /// Distance between the mean mated and the mean non-mated score; nil where it is not above 0.
  private func gap(_ record: MapRecord, _ system: String) -> Double? {
    guard let scores = record.scores.first(where: { $0.system == system }),
      let mated = scores.meanMated, let other = scores.meanNonMated, mated > other
    else { return nil }
    return mated - other
  }
}
