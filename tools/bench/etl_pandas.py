"""The steps of the recommendation ETL in pandas."""

import hashlib
import hmac

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from bench.etl import vector

spare = 4
ages = [(18, "under 18"), (25, "18-24"), (35, "25-34"), (45, "35-44"), (55, "45-54"), (65, "55-64")]


def read(path, columns):
    types = {name: pa.type_for_alias(kind) for name, kind in columns.items()}
    table = pa.csv.read_csv(
        path,
        read_options=pa.csv.ReadOptions(column_names=list(columns)),
        convert_options=pa.csv.ConvertOptions(column_types=types, strings_can_be_null=True),
    )
    return table.to_pandas(categories=[name for name, kind in columns.items() if kind == "string"], date_as_object=False)


def merge(t, until):
    r = t["recommendations"]
    r = r[r.user_id.isin(t["users"].id) & r.item_id.isin(t["items"].id)]
    for column in ["viewed_at", "clicked_at", "rejected_at"]:
        r[column] = r[column].where(r[column] < until)
    bookings = t["booking_data"]
    first = bookings.dropna(subset="recommendation_id").groupby("recommendation_id").booked_at.min().rename("other")
    r = r.merge(first, left_on="id", right_index=True, how="left")
    booked = r.booked_at.where(~(r.other < r.booked_at), r.other).fillna(r.other)
    r["booked_at"] = booked.where(booked < until)
    searches = t["search_history"].drop_duplicates(["id", "user_id"]).rename(columns={"id": "search_id", "region": "search_region"})
    r = r.merge(searches, on=["search_id", "user_id"], how="left")
    r = r.sort_values(["booked_at", "rejected_at", "clicked_at", "viewed_at", "position"]).drop_duplicates(["user_id", "item_id", "shown_at"])
    broken = (r.searched_at > r.shown_at) | (r.searched_at > r.booked_at)
    for column in ["searched_at", "departure_on", "passengers", "nights", "search_region"]:
        r[column] = r[column].mask(broken)
    r["day"] = r.shown_at.dt.normalize()
    alone = bookings[bookings.recommendation_id.isna()]
    moves = pd.concat([alone[["user_id", "item_id", "booked_at"]], r.loc[r.booked_at.notna(), ["user_id", "item_id", "booked_at"]]])
    return r.drop(columns=["other", "search_id"]), moves.drop_duplicates()


def states(frame, owner, owners):
    frame = frame[frame[owner].isin(owners)]
    for name in vector:
        frame[name] = frame[name].clip(0, 1).fillna(0.5)
    return frame.sort_values("valid_from")


def days(key, kinds):
    counted = [
        frame.assign(day=frame[at].dt.normalize()).groupby([key, "day"]).size().rename(name) for name, (frame, at) in kinds.items()
    ]
    counts = pd.concat(counted, axis=1).fillna(0).astype(np.int64).sort_index()
    owner = counts.index.get_level_values(0)
    before = (counts.groupby(owner).cumsum() - counts).add_suffix("_before")
    day = counts.index.get_level_values(1).to_series(index=counts.index)
    for name in ["shown", "bookings"]:
        before[f"last_{name}"] = day.where(counts[name] > 0).groupby(owner).ffill().groupby(owner).shift()
    return before[counts.shown > 0].reset_index()


def negatives(rows, items, ratio, seed):
    shelf = rows[["day", "item_id"]].drop_duplicates().sort_values(["day", "item_id"])
    sizes = shelf.groupby("day").size()
    offsets = sizes.cumsum() - sizes
    liked = rows[rows.engagement_score >= 3]
    draws = liked.loc[liked.index.repeat(int(ratio) + spare)].reset_index(drop=True).rename(columns={"item_id": "liked"})
    place = (np.random.default_rng(seed).random(len(draws)) * draws.day.map(sizes).to_numpy()).astype(np.int64)
    draws["item_id"] = shelf.item_id.to_numpy()[draws.day.map(offsets).to_numpy() + place]
    item = items.set_index("id").loc[draws.item_id]
    created, retired = item.created_at.to_numpy(), item.retired_at.to_numpy()
    shown = draws.shown_at.to_numpy()
    there = (np.isnat(created) | (created <= shown)) & (np.isnat(retired) | (retired > shown))
    width = items.id.max() + 1
    seen = np.unique(rows.user_id.to_numpy() * width + rows.item_id.to_numpy())
    fresh = ~np.isin(draws.user_id.to_numpy() * width + draws.item_id.to_numpy(), seen)
    draws = draws[there & fresh].drop_duplicates(["user_id", "liked", "shown_at", "item_id"])
    draws = draws[draws.groupby(["user_id", "liked", "shown_at"]).cumcount() < ratio].drop_duplicates(["user_id", "item_id", "shown_at"])
    return draws.drop(columns="liked").assign(position=np.nan, engagement_score=0, booking_probability=0, is_negative_sample=True)


def masked(t, latest, rows, settings):
    people = t["users"][t["users"].id.isin(rows.user_id)].rename(columns={"id": "user_id"})
    people = people.merge(latest, on="user_id", how="left").merge(t["travel_onboarding_profiles"], on="user_id", how="left")
    age = pd.Timestamp(settings["until"]).year - people.birth_date.dt.year
    group = np.select([age < most for most, _ in ages], [name for _, name in ages], "65+")
    people["age_group"] = np.where(age.isna(), "unknown", group)
    people["region"] = people.region.astype(object).fillna("unknown")
    people["segment"] = people.primary_segment.astype(object).fillna("UNKNOWN")
    least = settings["k"]
    keys = ["age_group", "region", "segment"]
    for column in ["region", "age_group"]:
        crowd = people.groupby(keys).user_id.transform("size")
        people[column] = people[column].where(crowd >= least, "other")
    people = people[people.groupby(keys).user_id.transform("size") >= least]
    secret = bytes.fromhex(settings["key"])
    people["user_key"] = [hmac.new(secret, str(i).encode(), hashlib.sha256).hexdigest() for i in people.user_id]
    return people.drop(columns=["birth_date", "primary_segment"])


def measures(people, latest, rows, seed):
    k = people.groupby(["age_group", "region", "segment"]).size().min()
    told = people.merge(latest.drop(columns="primary_segment"), on="user_id", how="left")
    told[vector] = told[vector].round(2)
    alone = (told.groupby(["age_group", "region", "travel_style", "preferred_season", "segment", *vector], dropna=False, observed=True).size() == 1).sum()
    known = rows.loc[~rows.is_negative_sample & rows.user_id.isin(people.user_id), ["user_id", "item_id", "day"]].drop_duplicates()
    count = known.user_id.value_counts()
    asked = count[count >= 2].index.to_series().sample(min(1000, (count >= 2).sum()), random_state=seed)
    points = known[known.user_id.isin(asked)].sample(frac=1, random_state=seed).groupby("user_id").head(2)
    fits = points.merge(known, on=["item_id", "day"]).groupby(["user_id_x", "user_id_y"]).size()
    linked = fits[fits == 2].groupby(level=0).size()
    return int(k), alone / len(people), (linked == 1).mean()


def assembled(rows, people, items, user_states, item_states, user_days, item_days):
    r = rows.merge(people, on="user_id").sort_values("shown_at")
    r = r.merge(items.rename(columns={"id": "item_id", "region": "item_region", "category": "item_category", "created_at": "item_created"}), on="item_id")
    r = pd.merge_asof(r, user_states.assign(user_has_vector=True), left_on="shown_at", right_on="valid_from", by="user_id")
    r = pd.merge_asof(r, item_states.drop(columns="primary_segment", errors="ignore"), left_on="shown_at", right_on="valid_from", by="item_id", suffixes=("_user", "_item"))
    r = r.merge(user_days, on=["user_id", "day"]).merge(item_days, on=["item_id", "day"], suffixes=("_user", "_item"))
    u, v = r[[f"{name}_user" for name in vector]].fillna(0.5).to_numpy(), r[[f"{name}_item" for name in vector]].fillna(0.5).to_numpy()
    out = {"interaction_id": pd.util.hash_pandas_object(r[["user_key", "item_id", "shown_at", "is_negative_sample"]], index=False)}
    out |= {name: r[name] for name in ["user_key", "item_id", "shown_at"]}
    out |= {f"user_{name}": u[:, j].astype(np.float32) for j, name in enumerate(vector)}
    out["primary_segment"] = r.primary_segment.astype(object).fillna("UNKNOWN").astype("category")
    out |= {"user_age_group": r.age_group.astype("category"), "user_region": r.region.astype("category")}
    shown = r.shown_before_user
    out["user_category"] = pd.Categorical(np.select([shown == 0, shown <= 5, shown <= 25], ["new", "occasional", "regular"], "frequent"))
    out["user_has_vector"] = r.user_has_vector.notna()
    answered = r.onboarded_at <= r.shown_at
    out["user_travel_style"] = r.travel_style.astype(object).where(answered, "unknown").astype("category")
    out["user_preferred_season"] = r.preferred_season.astype(object).where(answered, "unknown").astype("category")
    out["user_tenure_days"] = (r.day - r.created_at.dt.normalize()).dt.days.clip(lower=0)
    out |= {f"item_{name}": v[:, j].astype(np.float32) for j, name in enumerate(vector)}
    out["item_popularity_score"] = r.popularity_score.fillna(0).round(4).astype(np.float32)
    out |= {"item_booking_count": r.bookings_before_item, "item_search_count": r.searches_before_item, "item_shown_count": r.shown_before_item}
    out["item_click_rate"] = ((r.clicks_before_item + 1) / (r.shown_before_item + 5)).round(4).astype(np.float32)
    out["item_days_since_booking"] = (r.day - r.last_bookings_item).dt.days
    out |= {"item_category": r.item_category.astype(object).fillna("unknown").astype("category"), "item_region": r.item_region.astype(object).fillna("unknown").astype("category")}
    out["item_age_days"] = (r.day - r.item_created.dt.normalize()).dt.days.clip(lower=0)
    norms = np.sqrt((u * u).sum(1) + 1e-12) * np.sqrt((v * v).sum(1) + 1e-12)
    out["similarity_cosine"] = np.minimum(1, (u * v).sum(1) / norms).round(4).astype(np.float32)
    out["similarity_euclidean"] = (1 - np.sqrt(((v - u) ** 2).sum(1) / 8)).round(4).astype(np.float32)
    out |= {f"{name}_gap": (v[:, j] - u[:, j]).round(4).astype(np.float32) for j, name in enumerate(vector) if name in ("climate", "budget", "activity", "popularity")}
    out["region_match"] = r.item_region.astype(str) == r.region.astype(str)
    month = r.shown_at.dt.month
    out["season"] = pd.Categorical(np.array(["winter", "spring", "summer", "autumn"])[(month % 12) // 3])
    out |= {"day_of_week": r.shown_at.dt.dayofweek + 1, "is_weekend": r.shown_at.dt.dayofweek >= 5, "hour_of_day": r.shown_at.dt.hour, "month": month}
    out |= {"list_position": r.position, "has_search": r.searched_at.notna(), "days_until_departure": r.days_until_departure}
    out |= {"search_passengers": r.passengers, "search_nights": r.nights}
    out["minutes_since_search"] = ((r.shown_at - r.searched_at).dt.total_seconds() / 60).round(2).astype(np.float32)
    out["search_region_match"] = (r.search_region.astype(str) == r.item_region.astype(str)) & r.search_region.notna()
    for name in ["shown", "clicks", "bookings", "searches", "rejections"]:
        column = f"{name}_before_user"
        out[f"user_{name}_before"] = r[column if column in r else f"{name}_before"]
    out["user_click_rate"] = ((r.clicks_before_user + 1) / (shown + 5)).round(4).astype(np.float32)
    out["user_recency_days"] = (r.day - r.last_shown_user).dt.days
    out["user_booking_recency_days"] = (r.day - r.last_bookings_user).dt.days
    out |= {name: r[name] for name in ["is_negative_sample", "engagement_score", "booking_probability"]}
    return pd.DataFrame(out)


def run(files, settings, folder, done):
    t = {name: read(*file) for name, file in files.items()}
    done("read")
    until = pd.Timestamp(settings["until"])
    rows, moves = merge(t, until)
    done("merge")
    user_states, item_states = states(t["user_vectors"], "user_id", t["users"].id), states(t["item_vectors"], "item_id", t["items"].id)
    at = {name: (rows[rows[column].notna()], column) for name, column in {"shown": "shown_at", "clicks": "clicked_at", "rejections": "rejected_at"}.items()}
    of_user = t["search_history"][t["search_history"].user_id.isin(t["users"].id)]
    of_user = of_user.drop_duplicates([name for name in of_user if name != "id"])
    user_days = days("user_id", at | {"bookings": (moves, "booked_at"), "searches": (of_user, "searched_at")})
    found = (rows[rows.searched_at.notna()], "shown_at")
    item_days = days("item_id", {"shown": at["shown"], "clicks": at["clicks"], "bookings": (moves, "booked_at"), "searches": found})
    done("features")
    score = np.select([rows.booked_at.notna(), rows.rejected_at.notna(), rows.clicked_at.notna(), rows.viewed_at.notna()], [5, -1, 3, 1], 0)
    rows = rows.assign(engagement_score=score, booking_probability=rows.booked_at.notna().astype(int), is_negative_sample=False)
    rows["days_until_departure"] = (rows.departure_on - rows.day).dt.days
    rows = rows.drop(columns=["id", "viewed_at", "clicked_at", "rejected_at", "booked_at", "departure_on"])
    done("labels")
    rows = pd.concat([rows, negatives(rows, t["items"], settings["ratio"], settings["seed"])], ignore_index=True)
    done("negatives")
    for column, least, most in [("days_until_departure", 0, 730), ("passengers", 1, 20), ("nights", 0, 365)]:
        rows[column] = rows[column].where(rows[column].between(least, most))
    done("clean")
    latest = user_states.groupby("user_id").last().reset_index()
    people = masked(t, latest[["user_id", "primary_segment"]], rows, settings)
    measures(people, latest.drop(columns="valid_from"), rows, settings["seed"])
    done("privacy")
    out = assembled(rows, people, t["items"], user_states, item_states, user_days, item_days)
    cut = rows.shown_at.quantile(1 - settings["test"], interpolation="higher")
    out[out.shown_at <= cut].to_parquet(folder / "train.parquet", compression="zstd", index=False)
    out[out.shown_at > cut].to_parquet(folder / "test.parquet", compression="zstd", index=False)
    done("export")
