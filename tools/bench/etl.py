"""python -m bench.etl figures <parquet> …: rows and sums of a dataset. python -m bench.etl pandas|polars <settings.json>: the ten steps of the recommendation ETL as users of the library write them, on the tables of
`assay etl source`. Prints each step as it is done, then seconds and peak memory."""

import json
import resource
import sys
import time
from importlib import import_module
from pathlib import Path

import psycopg2

vector = ["climate", "culture", "budget", "activity", "group_size", "urban", "gastronomy", "popularity"]
#: what is read of each table, as types of Arrow
tables = {
    "users": ("id, birth_date, region, created_at at time zone 'UTC' as created_at", ["int64", "date32", "string", "timestamp[us]"]),
    "user_vectors": (
        f"user_id, computed_at at time zone 'UTC' as valid_from, {', '.join(vector)}, primary_segment",
        ["int64", "timestamp[us]", *["double"] * 8, "string"],
    ),
    "travel_onboarding_profiles": (
        "user_id, completed_at at time zone 'UTC' as onboarded_at, travel_style, preferred_season",
        ["int64", "timestamp[us]", "string", "string"],
    ),
    "items": (
        "id, category, region, created_at at time zone 'UTC' as created_at, retired_at at time zone 'UTC' as retired_at",
        ["int64", "string", "string", "timestamp[us]", "timestamp[us]"],
    ),
    "item_vectors": (
        f"item_id, computed_at at time zone 'UTC' as valid_from, {', '.join(vector)}, popularity_score",
        ["int64", "timestamp[us]", *["double"] * 9],
    ),
    "recommendations": (
        "id, user_id, item_id, shown_at at time zone 'UTC' as shown_at, viewed_at at time zone 'UTC' as viewed_at, clicked_at at time zone 'UTC' as clicked_at, "
        "booked_at at time zone 'UTC' as booked_at, rejected_at at time zone 'UTC' as rejected_at, search_id, position",
        ["int64", "int64", "int64", *["timestamp[us]"] * 5, "int64", "int32"],
    ),
    "search_history": (
        "id, user_id, searched_at at time zone 'UTC' as searched_at, departure_on, passengers, nights, region",
        ["int64", "int64", "timestamp[us]", "date32", "double", "double", "string"],
    ),
    "booking_data": (
        "user_id, item_id, booked_at at time zone 'UTC' as booked_at, recommendation_id",
        ["int64", "int64", "timestamp[us]", "int64"],
    ),
}
moments = {"recommendations": "shown_at", "search_history": "searched_at", "booking_data": "booked_at"}


def extract(settings, folder):
    """Copies the tables out as CSV, which both libraries read fastest; gives their paths and columns."""
    found = {}
    with psycopg2.connect(settings["dsn"]) as connection, connection.cursor() as cursor:
        cursor.execute("set timezone = 'UTC'")
        for table, (columns, types) in tables.items():
            where = ""
            if table in moments:
                begin = settings["from"] if table == "recommendations" else settings["before"]
                where = f"where {moments[table]} >= '{begin}' and {moments[table]} < '{settings['until']}'"
            path = folder / f"{table}.csv"
            with open(path, "wb") as file:
                cursor.copy_expert(f"copy (select {columns} from travel.{table} {where}) to stdout (format csv)", file)
            names = [column.split(" as ")[-1].strip() for column in columns.split(",")]
            found[table] = (path, dict(zip(names, types, strict=True)))
    return found


#: sums that must be equal
sums = "engagement_score booking_probability similarity_cosine similarity_euclidean budget_gap item_click_rate item_booking_count item_search_count "
sums += "item_days_since_booking user_shown_before user_clicks_before user_bookings_before user_searches_before user_rejections_before user_click_rate "
sums += "user_recency_days user_booking_recency_days minutes_since_search days_until_departure search_passengers search_nights user_tenure_days "
sums += "item_age_days region_match search_region_match is_weekend day_of_week hour_of_day list_position user_has_vector item_popularity_score"


def figures(files):
    """Rows and sums of what was shown, and how many rows were drawn."""
    import polars as pl

    rows = pl.scan_parquet(files)
    shown = rows.filter(~pl.col("is_negative_sample"))
    words = ["primary_segment", "user_age_group", "user_region", "user_category", "user_travel_style", "season", "item_category"]
    alike = [pl.col(word).cast(pl.String).hash(1).cast(pl.Float64).mean().alias(word) for word in words]
    found = shown.select(pl.len().alias("shown"), *[pl.col(name).cast(pl.Float64).sum() for name in sums.split()], *alike).collect()
    return {**found.to_dicts()[0], "drawn": rows.select(pl.col("is_negative_sample").sum()).collect().item()}


if __name__ == "__main__" and sys.argv[1] == "figures":
    print(json.dumps(figures(sys.argv[2:])))
elif __name__ == "__main__":
    settings = json.loads(Path(sys.argv[2]).read_text())
    folder = Path(settings["folder"])
    folder.mkdir(parents=True, exist_ok=True)
    library = import_module(f"bench.etl_{sys.argv[1]}")  # what it takes to import is not counted
    begin = time.perf_counter()
    seconds = {}

    def done(step):
        seconds[step] = round(time.perf_counter() - begin - sum(seconds.values()), 3)
        print(json.dumps({"done": step}), flush=True)

    files = extract(settings, folder)
    done("extract")
    library.run(files, settings, folder, done)
    whole = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": whole, "steps": seconds, "peak_mb": peak}))
