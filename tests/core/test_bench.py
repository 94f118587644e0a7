"""`make bench` finds its benches."""

from bench.__main__ import all_benches


def test_every_bench_and_every_row_has_a_name_of_its_own() -> None:
    benches = all_benches()
    names = [bench.name for bench in benches]
    rows = [row for bench in benches for row in bench.rows]
    assert "office365-import" in names
    assert len(set(names)) == len(names)
    assert len(set(rows)) == len(rows)
