/** The shapes of the routes about a whole project: its overview, keys, prices, retention. */

import type * as shapes from "./shapes";

export type Spending = Pick<
  shapes.ProjectTotalsView,
  "cost" | "cost_is_lower_bound" | "unpriced_llms" | "estimated_llms"
>;
export type ProjectTotals = shapes.ProjectTotalsView;
export type Day = shapes.DayView;
export type DayOfModel = shapes.DayOfModelView;
export type Latency = shapes.LatencyView;
export type OfAgent = shapes.OfAgentView;
export type OfTag = shapes.OfTagView;
export type ErrorsOfType = shapes.ErrorGroupView;
export type ExpensiveSession = shapes.ExpensiveSessionView;

type Told<T> = { [Part in keyof T]: NonNullable<T[Part]> };

/** A part that was not asked for is null; nobody here reads one. */
export type Overview = Told<Omit<shapes.OverviewView, "as_of">> & Pick<shapes.OverviewView, "as_of">;

export type Key = shapes.KeyView;
export type NewKey = shapes.NewKeyView;
export type PriceOverride = shapes.PriceOverrideView;
/** What a model costs from a time of day on, in UTC. */
export type ListedPrice = shapes.ListedPriceView;
export type Prices = shapes.PricesView;
export type Retention = shapes.RetentionView;

export type StatesStep = shapes.StatesStepView;
/** `name` is null for none, and for all the lesser ones together. */
export type SpendingStep = shapes.SpendingStepView;
export type ErrorsStep = shapes.ErrorsStepView;
export type LatencyStep = shapes.LatencyStepView;
/** A part is null that was not asked for. */
export type Series = shapes.SeriesView;
