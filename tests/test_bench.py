"""What the benchmark prints, from costs that are known."""

from tests.benchmarks import bench


def rounds(*costs):
    return [bench.Result(rate=1000 / cost, cost=cost) for cost in costs]


def test_comparison_takes_the_median_of_the_pairs_and_not_the_ratio_of_the_medians():
    """One slow turn of the machine meets both sites and leaves their ratio alone."""
    here, there = {"unit page": rounds(1.0, 10.0, 2.0)}, {"unit page": rounds(2.0, 20.0, 1.0)}
    assert bench.comparison(here, there)[2:] == ["unit page            2.00     2.00    0.50     0.50 – 2.00"]


def test_table_judges_ratios_to_the_bare_view():
    measured = [
        bench.Page("bare view", lambda number: b""),
        bench.Page("home", lambda number: b"", 5, 3.5),
        bench.Page("result", lambda number: b""),
    ]
    results = {"bare view": rounds(1.0), "home": rounds(4.0), "result": rounds(15.0)}
    assert bench.table(measured, results)[2:] == [
        "bare view              1000    100%     1.00    1.00",
        "home                    250     25%     4.00    4.00   4.24     2.97  ok",
        "result                   67      7%    15.00   15.00",
    ]
