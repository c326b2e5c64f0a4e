#!/bin/sh
# Compiles the figures of folders in a two-column paper (IEEEtran, pdflatex): each as PGFPlots and, where there
# is one, as PDF, with its caption. Fails on an error, an overfull box or a warning.
#
#   figures-test.sh FOLDER… [-o paper.pdf]      (results/NAME/figures)
set -eu
output=
folders=
while [ $# -gt 0 ]; do
  case $1 in
  -o) output=$2; shift 2 ;;
  *) folders="$folders $(cd "$1" && pwd)"; shift ;;
  esac
done
[ -n "$folders" ] || { echo "usage: figures-test.sh FOLDER… [-o paper.pdf]" >&2; exit 2; }
for tool in pdflatex kpsewhich; do
  command -v $tool >/dev/null || { echo "figures-test: no $tool, skipped"; exit 77; }
done
for file in IEEEtran.cls pgfplots.sty; do
  kpsewhich $file >/dev/null || { echo "figures-test: no $file, skipped"; exit 77; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0
{
  printf '%s\n' '\documentclass[journal]{IEEEtran}'
  printf '%s\n' '\usepackage[T1]{fontenc}\usepackage[utf8]{inputenc}\usepackage{graphicx}'
  printf '%s\n' '\usepackage{pgfplots}\pgfplotsset{compat=1.16}'
  printf '%s\n' '\begin{document}'
  for folder in $folders; do
    for caption in "$folder"/*.caption.tex; do
      [ -f "$caption" ] || continue
      name=$(basename "$caption" .caption.tex)
      count=$((count + 1))
      cp "$caption" "$work/$count.caption.tex"
      # As wide as a column or as both; SVG says so in its second line.
      case $(sed -n 2p "$folder/$name.svg") in
      *'width="251pt"'*) float=figure ;;
      *) float='figure*' ;;
      esac
      for form in tex pdf; do
        [ -f "$folder/$name.$form" ] || continue
        cp "$folder/$name.$form" "$work/$count.$form"
        [ $form = tex ] && drawing="\\input{$count.tex}" || drawing="\\includegraphics{$count.pdf}"
        # Labels are the figure's; here it stands twice.
        printf '%s\n' "\\begin{$float}[!t]\\centering"
        printf '%s\n' "$drawing"
        [ $form = tex ] && printf '%s\n' "\\input{$count.caption.tex}" || printf '%s\n' "\\caption{the same as PDF}"
        printf '%s\n' "\\end{$float}\\clearpage"
      done
    done
  done
  printf '%s\n' 'A text.\end{document}'
} >"$work/paper.tex"
[ "$(grep -c begin "$work/paper.tex")" -gt 1 ] || { echo "figures-test: no figures in$folders" >&2; exit 1; }
cd "$work"
for pass in 1 2; do
  pdflatex -interaction=nonstopmode -halt-on-error paper.tex >out.txt 2>&1 || {
    grep -A6 '^!' paper.log >&2 || tail -20 out.txt >&2
    exit 1
  }
done
if grep -nE -A3 '^Overfull|Warning' paper.log >&2; then exit 1; fi
[ -z "$output" ] || { cd "$OLDPWD" && cp "$work/paper.pdf" "$output"; }
echo "figures-test: $(grep -c '^.begin{figure' "$work/paper.tex") drawings compile, no overfull box, no warning"
