"""The steps of the recommendation ETL in polars, lazily where the next step allows it."""

import hashlib
import hmac

import polars as pl

from bench.etl import vector

spare = 4
ages = [(18, "under 18"), (25, "18-24"), (35, "25-34"), (45, "35-44"), (55, "45-54"), (65, "55-64")]
types = {"int64": pl.Int64, "int32": pl.Int32, "double": pl.Float64, "string": pl.String, "date32": pl.Date, "timestamp[us]": pl.Datetime("us")}
col = pl.col


def read(path, columns):
    return pl.scan_csv(path, has_header=False, schema={name: types[kind] for name, kind in columns.items()})


def merge(t, until):
    bookings = t["booking_data"]
    first = bookings.drop_nulls("recommendation_id").group_by("recommendation_id").agg(other=col("booked_at").min())
    searches = t["search_history"].unique(["id", "user_id"]).rename({"id": "search_id", "region": "search_region"})
    of_search = ["searched_at", "departure_on", "passengers", "nights", "search_region"]
    known = [pl.when(col(name) < until).then(col(name)).alias(name) for name in ["viewed_at", "clicked_at", "rejected_at"]]
    booked = pl.min_horizontal("booked_at", "other")
    broken = ((col("searched_at") > col("shown_at")) | (col("searched_at") > col("booked_at"))).fill_null(False)
    rows = (
        t["recommendations"]
        .join(t["users"], left_on="user_id", right_on="id", how="semi")
        .join(t["items"], left_on="item_id", right_on="id", how="semi")
        .with_columns(known)
        .join(first, left_on="id", right_on="recommendation_id", how="left")
        .with_columns(booked_at=pl.when(booked < until).then(booked))
        .join(searches, on=["search_id", "user_id"], how="left")
        .sort("booked_at", "rejected_at", "clicked_at", "viewed_at", "position", nulls_last=True)
        .unique(["user_id", "item_id", "shown_at"], keep="first")
        .with_columns(broken=broken)
        .with_columns([pl.when(~col("broken")).then(col(name)).alias(name) for name in of_search])
        .with_columns(day=col("shown_at").dt.date())
        .drop("other", "search_id", "broken", "id")
        .collect(engine="streaming")
    )
    alone = bookings.filter(col("recommendation_id").is_null()).select("user_id", "item_id", "booked_at").collect()
    return rows, pl.concat([alone, rows.filter(col("booked_at").is_not_null()).select("user_id", "item_id", "booked_at")]).unique()


def states(frame, owner, owners):
    clamped = [col(name).clip(0, 1).fill_null(0.5) for name in vector]
    return frame.join(owners, left_on=owner, right_on="id", how="semi").with_columns(clamped).sort("valid_from").collect()


def days(key, kinds):
    counted = [
        frame.lazy().select(key, day=col(at).dt.date(), kind=pl.lit(name)).group_by(key, "day", "kind").agg(n=pl.len().cast(pl.Int64))
        for name, (frame, at) in kinds.items()
    ]
    counts = pl.concat(counted).group_by(key, "day").agg([col("n").filter(col("kind") == name).sum().alias(name) for name in kinds]).sort(key, "day")
    before = [(col(name).cum_sum() - col(name)).over(key).alias(f"{name}_before") for name in kinds]
    last = [pl.when(col(name) > 0).then(col("day")).forward_fill().shift().over(key).alias(f"last_{name}") for name in ["shown", "bookings"]]
    return counts.with_columns(before + last).filter(col("shown") > 0).drop(list(kinds)).collect()


def negatives(rows, items, ratio, seed):
    shelf = rows.lazy().select("day", "item_id").unique().sort("day", "item_id").with_columns(place=pl.int_range(pl.len()).over("day"))
    sizes = shelf.group_by("day").agg(size=pl.len())
    liked = rows.lazy().filter(col("engagement_score") >= 3).rename({"item_id": "liked"}).join(sizes, on="day")
    draws = liked.join(pl.LazyFrame({"k": range(int(ratio) + spare)}), how="cross").collect(engine="streaming")
    import numpy as np

    draw = pl.Series("draw", np.random.default_rng(seed).random(len(draws)))
    return (
        draws.lazy()
        .with_columns(place=(draw * draws["size"]).cast(pl.Int64))
        .join(shelf, on=["day", "place"])
        .join(items.select("id", created=col("created_at"), retired=col("retired_at")), left_on="item_id", right_on="id")
        .filter((col("created").is_null() | (col("created") <= col("shown_at"))) & (col("retired").is_null() | (col("retired") > col("shown_at"))))
        .join(rows.lazy().select("user_id", "item_id").unique(), on=["user_id", "item_id"], how="anti")
        .unique(["user_id", "liked", "shown_at", "item_id"])
        .filter(pl.int_range(pl.len()).over("user_id", "liked", "shown_at") < ratio)
        .unique(["user_id", "item_id", "shown_at"])
        .with_columns(position=pl.lit(None, pl.Int32), engagement_score=pl.lit(0), booking_probability=pl.lit(0), is_negative_sample=pl.lit(True))
        .select(rows.columns)
        .collect(engine="streaming")
    )


def masked(t, latest, rows, settings):
    people = (
        t["users"]
        .rename({"id": "user_id"})
        .join(rows.lazy().select("user_id").unique(), on="user_id", how="semi")
        .join(latest.lazy(), on="user_id", how="left")
        .join(t["travel_onboarding_profiles"], on="user_id", how="left")
        .collect()
    )
    age = int(settings["until"][:4]) - col("birth_date").dt.year()
    group = pl.when(age.is_null()).then(pl.lit("unknown"))
    for most, name in ages:
        group = group.when(age < most).then(pl.lit(name))
    people = people.with_columns(
        age_group=group.otherwise(pl.lit("65+")), region=col("region").fill_null("unknown"), segment=col("primary_segment").fill_null("UNKNOWN")
    )
    crowd = pl.len().over("age_group", "region", "segment")
    for column in ["region", "age_group"]:
        people = people.with_columns(pl.when(crowd >= settings["k"]).then(col(column)).otherwise(pl.lit("other")).alias(column))
    people = people.filter(crowd >= settings["k"])
    secret = bytes.fromhex(settings["key"])
    keys = [hmac.new(secret, str(i).encode(), hashlib.sha256).hexdigest() for i in people["user_id"]]
    return people.with_columns(user_key=pl.Series(keys)).drop("birth_date", "primary_segment")


def measures(people, latest, rows, seed):
    k = people.group_by("age_group", "region", "segment").len()["len"].min()
    told = people.join(latest, on="user_id", how="left").with_columns([col(name).round(2) for name in vector])
    alike = told.group_by("age_group", "region", "travel_style", "preferred_season", "segment", *vector).len()
    known = rows.lazy().filter(~col("is_negative_sample")).select("user_id", "item_id", "day").unique().join(people.lazy(), on="user_id", how="semi").collect()
    several = known.group_by("user_id").len().filter(col("len") >= 2).sort("user_id")
    asked = several.sample(min(1000, len(several)), seed=seed)
    points = known.join(asked, on="user_id", how="semi").sample(fraction=1, shuffle=True, seed=seed).group_by("user_id").head(2)
    fits = points.join(known, on=["item_id", "day"]).group_by("user_id", "user_id_right").len().filter(col("len") == 2)
    linked = fits.group_by("user_id").len()
    return k, (alike["len"] == 1).sum() / len(people), (linked["len"] == 1).mean()


def rounded(expression, digits=4):
    return expression.round(digits).cast(pl.Float32)


def assembled(rows, people, items, user_states, item_states, user_days, item_days):
    at_item = {"region": "item_region", "category": "item_category", "created_at": "item_created", "id": "item_id"}
    of_items = item_states.lazy().rename({name: f"{name}_item" for name in vector}).rename({"valid_from": "item_from"})
    r = (
        rows.lazy()
        .join(people.lazy(), on="user_id")
        .join(items.rename(at_item), on="item_id")
        .sort("shown_at")
        .join_asof(user_states.lazy().with_columns(has_vector=pl.lit(True)), left_on="shown_at", right_on="valid_from", by="user_id", check_sortedness=False)
        .join_asof(of_items.sort("item_from"), left_on="shown_at", right_on="item_from", by="item_id", check_sortedness=False)
        .join(user_days.lazy(), on=["user_id", "day"])
        .join(item_days.lazy(), on=["item_id", "day"], suffix="_item")
    )
    u, v = [col(name).fill_null(0.5) for name in vector], [col(f"{name}_item").fill_null(0.5) for name in vector]
    pairs = list(zip(vector, u, v, strict=True))
    total = lambda parts: pl.sum_horizontal(list(parts))  # noqa: E731
    norm = (total(a * a for a in u) + 1e-12).sqrt() * (total(b * b for b in v) + 1e-12).sqrt()
    shown, month, answered = col("shown_before"), col("shown_at").dt.month(), (col("onboarded_at") <= col("shown_at")).fill_null(False)
    since = lambda a: (col("day") - col(a).dt.date()).dt.total_days()  # noqa: E731
    category = pl.when(shown == 0).then(pl.lit("new")).when(shown <= 5).then(pl.lit("occasional")).when(shown <= 25).then(pl.lit("regular"))
    return r.select(
        pl.struct("user_key", "item_id", "shown_at", "is_negative_sample").hash().alias("interaction_id"),
        "user_key",
        "item_id",
        "shown_at",
        *[a.cast(pl.Float32).alias(f"user_{name}") for name, a, _ in pairs],
        primary_segment=col("primary_segment").fill_null("UNKNOWN"),
        user_age_group="age_group",
        user_region="region",
        user_category=category.otherwise(pl.lit("frequent")),
        user_has_vector=col("has_vector").is_not_null(),
        user_travel_style=pl.when(answered).then(col("travel_style")).otherwise(pl.lit("unknown")),
        user_preferred_season=pl.when(answered).then(col("preferred_season")).otherwise(pl.lit("unknown")),
        user_tenure_days=since("created_at").clip(0),
        **{f"item_{name}": b.cast(pl.Float32) for name, _, b in pairs},
        item_popularity_score=rounded(col("popularity_score").fill_null(0)),
        item_booking_count="bookings_before_item",
        item_search_count="searches_before_item",
        item_shown_count="shown_before_item",
        item_click_rate=rounded((col("clicks_before_item") + 1) / (col("shown_before_item") + 5)),
        item_days_since_booking=since("last_bookings_item"),
        item_category=col("item_category").fill_null("unknown"),
        item_region=col("item_region").fill_null("unknown"),
        item_age_days=since("item_created").clip(0),
        similarity_cosine=rounded(pl.min_horizontal(pl.lit(1.0), total(a * b for _, a, b in pairs) / norm)),
        similarity_euclidean=rounded(1 - (total((b - a) ** 2 for _, a, b in pairs) / 8).sqrt()),
        **{f"{name}_gap": rounded(b - a) for name, a, b in pairs if name in ("climate", "budget", "activity", "popularity")},
        region_match=(col("item_region") == col("region")).fill_null(False),
        season=(month % 12 // 3).replace_strict({0: "winter", 1: "spring", 2: "summer", 3: "autumn"}, return_dtype=pl.String),
        day_of_week=col("shown_at").dt.weekday(),
        is_weekend=col("shown_at").dt.weekday() >= 6,
        hour_of_day=col("shown_at").dt.hour(),
        month=month,
        list_position="position",
        has_search=col("searched_at").is_not_null(),
        days_until_departure="days_until_departure",
        search_passengers="passengers",
        search_nights="nights",
        minutes_since_search=rounded((col("shown_at") - col("searched_at")).dt.total_milliseconds() / 60_000, 2),
        search_region_match=(col("search_region") == col("item_region")).fill_null(False),
        **{f"user_{name}_before": f"{name}_before" for name in ["shown", "clicks", "bookings", "searches", "rejections"]},
        user_click_rate=rounded((col("clicks_before") + 1) / (shown + 5)),
        user_recency_days=since("last_shown"),
        user_booking_recency_days=since("last_bookings"),
        is_negative_sample="is_negative_sample",
        engagement_score="engagement_score",
        booking_probability="booking_probability",
    )


def run(files, settings, folder, done):
    t = {name: read(*file) for name, file in files.items()}
    until = pl.lit(settings["until"]).str.to_datetime()
    rows, moves = merge(t, until)
    done("read, merge")
    user_states = states(t["user_vectors"], "user_id", t["users"])
    item_states = states(t["item_vectors"], "item_id", t["items"])
    at = {name: (rows.filter(col(column).is_not_null()), column) for name, column in {"shown": "shown_at", "clicks": "clicked_at", "rejections": "rejected_at"}.items()}
    of_user = t["search_history"].join(t["users"], left_on="user_id", right_on="id", how="semi")
    of_user = of_user.unique(["user_id", "searched_at", "departure_on", "passengers", "nights", "region"]).collect()
    user_days = days("user_id", at | {"bookings": (moves, "booked_at"), "searches": (of_user, "searched_at")})
    found = (rows.filter(col("searched_at").is_not_null()), "shown_at")
    item_days = days("item_id", {"shown": at["shown"], "clicks": at["clicks"], "bookings": (moves, "booked_at"), "searches": found})
    done("features")
    is_there = lambda name: col(name).is_not_null()  # noqa: E731
    score = pl.when(is_there("booked_at")).then(5).when(is_there("rejected_at")).then(-1).when(is_there("clicked_at")).then(3).when(is_there("viewed_at")).then(1)
    rows = rows.with_columns(
        engagement_score=score.otherwise(0),
        booking_probability=is_there("booked_at").cast(pl.Int32),
        is_negative_sample=pl.lit(False),
        days_until_departure=(col("departure_on") - col("day")).dt.total_days(),
    ).drop("viewed_at", "clicked_at", "rejected_at", "booked_at", "departure_on")
    done("labels")
    rows = pl.concat([rows, negatives(rows, t["items"], settings["ratio"], settings["seed"])])
    done("negatives")
    bounds = [("days_until_departure", 0, 730), ("passengers", 1, 20), ("nights", 0, 365)]
    rows = (
        rows.lazy()
        .with_columns([pl.when(col(name).is_between(least, most)).then(col(name)).alias(name) for name, least, most in bounds])
        .collect(engine="streaming")
    )
    done("clean")
    latest = user_states.group_by("user_id", maintain_order=True).last()
    people = masked(t, latest.select("user_id", "primary_segment"), rows, settings)
    measures(people, latest.drop("valid_from", "primary_segment"), rows, settings["seed"])
    done("privacy")
    cut = rows["shown_at"].quantile(1 - settings["test"], "higher")
    out = assembled(rows, people, t["items"], user_states, item_states, user_days, item_days)
    out = out.collect(engine="streaming")
    out.filter(col("shown_at") <= cut).write_parquet(folder / "train.parquet", compression="zstd")
    out.filter(col("shown_at") > cut).write_parquet(folder / "test.parquet", compression="zstd")
    done("export")
