// What every page has: how to read it, and its style sheet.

extension HTMLReport {
  /// How to read numbers, conventions and gaps.
  static let howToRead = """
    <ul class="reading">
    <li>FMR is the share of non-mated comparisons (different people) that are accepted, FNMR the share \
    of mated comparisons (same person) that are rejected; a comparison is accepted when its score is \
    at least the threshold.</li>
    <li>The <em>default</em> convention uses one threshold for all comparisons and no \
    self-comparisons; <em>paper-compatible</em> uses thresholds per group with self-comparisons, as \
    the paper most probably has it.</li>
    <li><code>n/a</code> is a value that cannot be measured on these data, <code>–</code> a cell that was \
    not run; footnotes give reasons. Neither is a zero.</li>
    <li>A difference between two systems is only as good as its interval: where it covers 0, these data \
    do not tell the systems apart.</li>
    </ul>
    """

  /// The style sheet, for screens and for paper.
  static let style = """
    :root { --ink: #1d2430; --muted: #5d6675; --rule: #d5dae2; --accent: #1b4f9c; }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 1180px; padding: 24px 28px 60px; color: var(--ink);
      background: #fff; font: 15px/1.5 system-ui, "Segoe UI", Helvetica, Arial, "DejaVu Sans",
      sans-serif; }
    h1 { font-size: 26px; margin: 8px 0 4px; }
    h2 { font-size: 20px; margin: 40px 0 10px; padding-bottom: 4px;
      border-bottom: 2px solid var(--accent); }
    h3 { font-size: 16px; margin: 18px 0 6px; }
    nav a { display: inline-block; margin: 4px 14px 4px 0; color: var(--accent); }
    .banner { background: #fdecec; border-left: 5px solid #a11d1d; color: #7c1414;
      padding: 10px 14px; font-weight: 600; }
    .reading { color: var(--muted); font-size: 14px; padding-left: 20px; }
    figure { margin: 22px 0 30px; }
    figcaption { margin-bottom: 8px; font-size: 14px; }
    /* Wide tables use the margin on their right before they scroll. */
    .scroll { overflow-x: auto; width: max-content; max-width: max(100%, calc(50vw + 540px)); }
    .scroll table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums;
      border-top: 2px solid var(--ink); border-bottom: 2px solid var(--ink); white-space: nowrap; }
    .scroll th, .scroll td { padding: 3px 11px; text-align: left; }
    .scroll th.r, .scroll td.r { text-align: right; }
    .scroll th.c, .scroll td.c, th.group { text-align: center; }
    .scroll th.group { border-bottom: 1px solid var(--ink); text-align: center; }
    .scroll td.sentence { white-space: normal; min-width: 30em; text-align: left; }
    thead tr:last-child th { border-bottom: 1px solid var(--ink); }
    tr.block td { border-top: 1px solid var(--rule); padding-top: 6px; }
    tr.minor td { color: var(--muted); font-size: 12px; padding-top: 0; padding-bottom: 0; }
    sup { line-height: 0; }
    small { color: var(--muted); font-size: 0.88em; }
    .notes { font-size: 12.5px; color: var(--muted); margin: 6px 0 0; }
    .drawing svg { max-width: 100%; height: auto; }
    .facts th { text-align: left; padding: 3px 18px 3px 0; vertical-align: top; white-space: nowrap; }
    .facts td { overflow-wrap: anywhere; }
    @media print {
      body { max-width: none; padding: 0; font-size: 10.5pt; }
      nav { display: none; }
      .scroll { overflow: visible; }
      .scroll table { font-size: 7.5pt; }
      .scroll th, .scroll td { padding: 1px 4px; }
      tr.minor td { font-size: 6.8pt; }
      .drawing svg { display: block; max-height: 150mm; }
      tr, .drawing { break-inside: avoid; }
      h2, figcaption { break-after: avoid; }
      @page { size: A4 landscape; margin: 12mm; }
    }
    """
}
