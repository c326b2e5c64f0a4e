#!/usr/bin/env bash
# Compiles all tables of results folders as they stand, each by itself on a page of IEEEtran, and fails for an
# error, a warning or a line that is too wide; then their figures (figures-test.sh). A folder that is not there
# or holds no table is an error.
# usage: latex-test.sh FOLDER…   (exit 77: TeX is missing)
set -euo pipefail
for needed in IEEEtran.cls booktabs.sty pgfplots.sty ptmr7t.tfm; do
  if ! command -v pdflatex >/dev/null || ! kpsewhich "$needed" >/dev/null; then
    echo "latex-test: no pdflatex with $needed here; on Debian: apt-get install" \
      "texlive-latex-base texlive-publishers texlive-fonts-recommended texlive-pictures" >&2
    exit 77
  fi
done
[ $# -gt 0 ] || { echo "usage: latex-test.sh FOLDER of an experiment's results…" >&2; exit 64; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0
failed=0
for folder in "$@"; do
  [ -d "$folder" ] || { echo "latex-test: no folder $folder" >&2; exit 1; }
  folder=$(cd "$folder" && pwd)
  ls "$folder"/tables/*.tex >/dev/null 2>&1 || {
    echo "latex-test: no table (tables/*.tex) in $folder" >&2; exit 1; }
  {
    printf '%s\n' '\documentclass[journal]{IEEEtran}' '\usepackage[T1]{fontenc}' \
      '\usepackage{booktabs}' '\begin{document}'
    for file in "$folder"/tables/*.tex; do
      [ -e "$file" ] || continue
      # Its floats alone on a page of their own.
      printf '\\typeout{FILE %s}\\input{"%s"}\\clearpage\n' "$(basename "$file" | tr _ -)" "$file"
    done
    printf '%s\n' '\end{document}'
  } >"$work/all.tex"
  # Twice: labels.
  for pass in 1 2; do
    (cd "$work" && max_print_line=2000 pdflatex -interaction=nonstopmode all.tex >"log$pass" 2>&1) || true
  done
  found=$(awk '/^FILE / { file = $2 }
    /^!/ || /Overfull/ || /Warning/ || /Float too large/ { print file ": " $0 }' "$work/log2" |
    grep -v 'contains only floats' || true)
  pages=$(grep -c '^FILE' "$work/log2" || true)
  count=$((count + pages))
  if [ -n "$found" ] || ! grep -q '^Output written' "$work/log2"; then
    echo "latex-test: $(basename "$folder"): ${found:-no page came out}" >&2
    failed=1
  fi
  rm -f "$work"/*
done
[ $failed -eq 0 ] || exit 1
echo "latex-test: $count files of tables compile, none too wide"
figures=()
for folder in "$@"; do
  [ -d "$folder/figures" ] && figures+=("$folder/figures")
done
[ ${#figures[@]} -eq 0 ] || "$(dirname "$0")/figures-test.sh" "${figures[@]}"
