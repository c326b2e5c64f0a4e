/// The style sheet of pages: screens from 360 px on, light and dark by preference, and paper.
enum PageStyle {
  /// Colours of text have a contrast of 4.5 and more with what they stand on.
  static let text = """
    :root { color-scheme: light; --paper: #fff; --wash: #f4f6f9; --ink: #1d2430; --muted: #545d6c;
      --rule: #d5dae2; --accent: #1b4f9c; --shade: rgba(20, 30, 50, .28);
      --good: #14602f; --good-wash: #e3f4e8; --bad: #9a1b1b; --bad-wash: #fdeaea;
      --open: #6a4a00; --open-wash: #fdf1d2; }
    @media screen and (prefers-color-scheme: dark) {
      :root { color-scheme: dark; --paper: #14181f; --wash: #1d232d; --ink: #e6e9ef; --muted: #a9b2c0;
        --rule: #39424f; --accent: #8db8f8; --shade: rgba(0, 0, 0, .75);
        --good: #8fdca9; --good-wash: #17321f; --bad: #ffb0aa; --bad-wash: #431d1d;
        --open: #f2cf7c; --open-wash: #3a2e10; }
    }
    * { box-sizing: border-box; }
    html { scroll-padding-top: 3.5rem; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
    body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI",
      Helvetica, Arial, "Liberation Sans", "DejaVu Sans", sans-serif; overflow-wrap: break-word; }
    header, main { padding: 0 16px; max-width: 1240px; margin: 0 auto; }
    main { padding-bottom: 4rem; }
    main:focus { outline: none; }
    a { color: var(--accent); }
    h1 { font-size: 1.5rem; line-height: 1.25; margin: 1.2rem 0 .5rem; }
    h2 { font-size: 1.15rem; line-height: 1.3; margin: 1.3rem 0 .5rem; }
    h3 { font-size: 1rem; line-height: 1.35; margin: 0 0 .2rem; }
    p { margin: .3rem 0 .6rem; }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
    .vh { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
      white-space: nowrap; }
    .skip { position: absolute; left: -99rem; padding: .5rem 1rem; background: var(--paper); z-index: 9; }
    .skip:focus { left: 0; }
    .banner { background: var(--bad-wash); border-left: 5px solid var(--bad); color: var(--bad);
      padding: .6rem .9rem; font-weight: 600; }
    .note, .reading, .notes, small, .again, .gist, .files, .inside { color: var(--muted); }
    .note, .reading, .inside, .more { font-size: .92rem; }
    .more > summary { cursor: pointer; color: var(--accent); }
    .run li { margin: .15rem 0; }
    .scroll + .scroll { margin-top: .8rem; }
    .reading, .inside, .lines { padding-left: 1.2rem; }
    .run { list-style: none; padding: 0; margin: .3rem 0 .8rem; }

    /* Contents: a bar that stays on top, beside the text where there is room. */
    nav { position: sticky; top: 0; z-index: 5; background: var(--paper);
      border-bottom: 1px solid var(--rule); }
    nav summary { padding: .55rem 16px; cursor: pointer; font-weight: 600; color: var(--accent); }
    nav ul { list-style: none; margin: 0; padding: 0 16px .6rem; max-height: 60vh; overflow-y: auto; }
    nav a { display: block; padding: .3rem 0; text-decoration: none; line-height: 1.3; }
    nav a:hover { text-decoration: underline; }
    @media (min-width: 1180px) {
      body:not(.index) { display: grid; grid-template-columns: 15.5rem minmax(0, 1fr);
        grid-template-rows: auto 1fr; column-gap: 1.5rem; max-width: 1560px; margin: 0 auto; }
      body:not(.index) > header, body:not(.index) > main { grid-column: 2; margin: 0;
        padding-left: 0; max-width: none; min-width: 0; }
      nav { grid-column: 1; grid-row: 1 / span 2; align-self: start; max-height: 100vh;
        overflow-y: auto; border: 0; padding-top: 1rem; font-size: .92rem; }
      nav ul { max-height: none; }
      html { scroll-padding-top: 1rem; }
    }
    @supports selector(::details-content) {
      @media (min-width: 1180px) {
        nav summary { display: none; }
        nav details::details-content { content-visibility: visible; block-size: auto; }
      }
    }

    /* Answers. */
    .badge { display: inline-block; padding: .05rem .55rem; border-radius: .7rem; font-size: .85rem;
      font-weight: 600; background: var(--wash); color: var(--muted); }
    .badge.holds { background: var(--good-wash); color: var(--good); }
    .badge.fails { background: var(--bad-wash); color: var(--bad); }
    .badge.open { background: var(--open-wash); color: var(--open); }
    .claims { list-style: none; padding: 0; margin: 0 0 .6rem; }
    .claims li { padding: .4rem 0; border-top: 1px solid var(--rule); }
    .claims .claim, .claims .figures { display: block; }
    .claim small { white-space: nowrap; }
    .figures .figure { display: block; color: var(--muted); }
    .figures b { color: var(--ink); font-variant-numeric: tabular-nums; }
    .rest { font-size: .92rem; color: var(--muted); padding-left: 1.1rem; margin: .3rem 0 .8rem; }
    @media (min-width: 760px) {
      .claims li { display: grid; grid-template-columns: 12.5rem minmax(0, 1fr) minmax(0, 1fr);
        column-gap: 1rem; padding: .3rem 0; }
      .claims .badge { justify-self: start; align-self: start; }
    }
    .pair { display: grid; gap: 0 1.5rem; grid-template-columns: minmax(0, 1fr); }
    .pair .wide { grid-column: 1 / -1; }
    @media (min-width: 1000px) { .pair { grid-template-columns: repeat(2, minmax(0, 1fr)); } }

    /* Folded sections. */
    .part { position: relative; border-top: 1px solid var(--rule); }
    .part:last-child { border-bottom: 1px solid var(--rule); }
    .part > summary { cursor: pointer; padding: .7rem 0 .7rem 1.4rem; list-style: none;
      position: relative; }
    .part > summary::-webkit-details-marker { display: none; }
    .part > summary::before { content: ""; position: absolute; left: .2rem; top: 1.15rem; width: .5rem;
      height: .5rem; border: solid var(--accent); border-width: 0 2px 2px 0;
      transform: rotate(-45deg); }
    .part[open] > summary::before { transform: rotate(45deg); }
    .part > summary h2 { display: inline; margin: 0; }
    .part > summary:hover h2 { color: var(--accent); }
    .gist { display: block; font-size: .92rem; }
    .part[open] { padding-bottom: 1.2rem; }
    .anchor { position: absolute; top: 0; height: 0; overflow: clip; }
    .anchor > summary { display: none; }
    section { position: relative; }

    /* Tables scroll in themselves; a shadow at the edge says that there is more. */
    figure { margin: 1.4rem 0 2rem; }
    figcaption { font-size: .92rem; margin-bottom: .5rem; }
    figcaption p { color: var(--muted); max-width: 60rem; }
    .scroll, .canvas { overflow: auto; max-width: 100%; }
    .scroll { width: fit-content; background:
      linear-gradient(to right, var(--paper) 40%, transparent) left / 36px 100% no-repeat local,
      linear-gradient(to left, var(--paper) 40%, transparent) right / 36px 100% no-repeat local,
      linear-gradient(to right, var(--shade), transparent) left / 13px 100% no-repeat scroll,
      linear-gradient(to left, var(--shade), transparent) right / 13px 100% no-repeat scroll; }
    .scroll.tall { max-height: 85vh; }
    .scroll table { border-collapse: separate; border-spacing: 0; font-size: 13px; line-height: 1.4;
      font-variant-numeric: tabular-nums; white-space: nowrap; border-top: 2px solid var(--ink);
      border-bottom: 2px solid var(--ink); }
    .scroll th, .scroll td { padding: 3px 10px; text-align: left; vertical-align: baseline; }
    .scroll th[scope=row] { font-weight: inherit; }
    .scroll th.r, .scroll td.r { text-align: right; }
    .scroll th.group { border-bottom: 1px solid var(--ink); text-align: center; }
    .scroll thead { position: sticky; top: 0; z-index: 2; }
    .scroll.tall thead { background: var(--paper); }
    .scroll thead tr:last-child th { border-bottom: 1px solid var(--ink); vertical-align: bottom;
      white-space: normal; min-width: 4.5rem; }
    .scroll .key { position: sticky; left: 0; z-index: 1; background: var(--paper);
      box-shadow: 1px 0 0 var(--rule); }
    .again { opacity: .85; }
    .scroll td.sentence { white-space: normal; min-width: 26em; }
    tr.block > * { border-top: 1px solid var(--rule); }
    tbody tr:first-child > * { border-top: 0; }
    tr.minor > * { color: var(--muted); font-size: 12px; padding-top: 0; padding-bottom: 0; }
    sup { line-height: 0; }
    small { font-size: .88em; }
    .notes { font-size: .84rem; list-style: none; padding: 0; margin: .4rem 0; max-width: 75rem; }
    .files { font-size: .88rem; margin: .4rem 0; }
    .files a { display: inline-block; margin-right: .8rem; padding: .15rem 0; }
    .files .label { margin-right: .5rem; }
    .facts { border-spacing: 0; table-layout: fixed; width: 100%; font-size: .92rem; }
    .facts th { text-align: left; padding: 3px 12px 3px 0; vertical-align: top; width: 7.5rem; }
    .facts td { overflow-wrap: anywhere; }

    /* Drawings are made for white paper. */
    .canvas { background: #fff; border: 1px solid var(--rule); border-radius: 4px; padding: 6px;
      width: fit-content; margin-bottom: .5rem; }
    .canvas svg { display: block; height: auto; width: var(--w); max-width: max(100%, .8 * var(--w) - 60px); }

    .experiments { list-style: none; padding: 0; }
    .experiments > li { border-top: 1px solid var(--rule); padding: 1rem 0; }
    .experiments h2 { margin: 0 0 .2rem; }
    .thumb img { background: #fff; max-width: 100%; width: 300px; max-height: 300px;
      object-fit: contain; object-position: top; }
    @media (min-width: 760px) {
      .experiments > li { display: flex; flex-direction: row-reverse; justify-content: flex-end;
        gap: 1.5rem; }
      .experiments > li > div { flex: 1; min-width: 0; }
    }
    @media (max-width: 700px) {
      .scroll .key.long { min-width: 9em; max-width: 38vw; white-space: normal; }
      .scroll td.sentence { min-width: 18em; }
    }

    @media print {
      @page { size: A4 landscape; margin: 11mm; }
      body, body:not(.index) { display: block; font-size: 9.5pt; max-width: none; }
      nav, .skip, .files, .anchor, .inside, .more > summary { display: none; }
      header, main { padding: 0; max-width: none; }
      details::details-content { content-visibility: visible; display: block; block-size: auto; }
      .part > summary { padding-left: 0; break-after: avoid; }
      .part > summary::before { display: none; }
      .scroll, .scroll.tall { overflow: visible; max-height: none; background: none; width: auto; }
      .scroll .key, .scroll thead { position: static; }
      .scroll table { font-size: 7.5pt; white-space: normal; }
      .scroll .key { white-space: nowrap; box-shadow: none; }
      figure { margin: .7rem 0 1rem; }
      .claims li { display: grid; grid-template-columns: 9.5rem minmax(0, 1fr) minmax(0, 1fr);
        column-gap: 1rem; padding: .2rem 0; }
      .scroll th, .scroll td { padding: 1px 4px; overflow-wrap: normal; }
      .scroll td.sentence { min-width: 12em; }
      .scroll thead tr:last-child th { min-width: 0; }
      tr.minor > * { font-size: 6.5pt; }
      .canvas { overflow: visible; border: 0; padding: 0; }
      .canvas svg { max-width: 100%; max-height: 150mm; }
      .pair { grid-template-columns: repeat(2, minmax(0, 1fr)); }
      thead { display: table-header-group; }
      tr, .drawing, .claims li { break-inside: avoid; }
      h1, h2, h3, figcaption { break-after: avoid; }
      figcaption h3 + p { break-before: avoid; }
    }
    """
}
