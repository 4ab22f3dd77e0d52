-- Market data for 254carbon: commodity and carbon reference data, prices, trading and the record of how data came in.
--
-- Schema `market` and its owner exist already; it needs no extension. carbon compares what this file makes with what is
-- there, and changes the difference. Conventions:
--   * a code (ISO, MIC, EIC, ticker) is the key where the outside world has one, a generated bigint where it has none;
--   * every instant is timestamptz; `*_date` is a calendar date in the time zone of the exchange or zone concerned;
--   * prices and quantities are numeric, never float, because they are reconciled to the cent with counterparties;
--   * facts that arrive from outside carry the ingestion run that brought them, so that a bad file can be undone;
--   * a correction is a new row with a later `known_at`, so that any past report can be produced again.

CREATE DOMAIN market.code AS text
    CONSTRAINT code_format CHECK (VALUE ~ '^[A-Z0-9][A-Z0-9_./-]{0,39}$');
COMMENT ON DOMAIN market.code IS 'Short upper-case identifier that people type and read, such as TTF, DE-LU or EUA-2026.';

CREATE DOMAIN market.price AS numeric(20, 8)
    CONSTRAINT price_is_a_number CHECK (VALUE <> 'NaN'::numeric);
COMMENT ON DOMAIN market.price IS 'Price in the currency and unit of its row. Power and gas prices may be negative.';

CREATE DOMAIN market.quantity AS numeric(20, 6)
    CONSTRAINT quantity_is_a_number CHECK (VALUE <> 'NaN'::numeric);
COMMENT ON DOMAIN market.quantity IS 'Amount in the unit of its row, signed where the column says so.';

CREATE DOMAIN market.latitude AS numeric(9, 6) CONSTRAINT latitude_range CHECK (VALUE BETWEEN -90 AND 90);
CREATE DOMAIN market.longitude AS numeric(9, 6) CONSTRAINT longitude_range CHECK (VALUE BETWEEN -180 AND 180);

--
-- 1. Reference data
--

CREATE TABLE market.country (
    country_code char(2) PRIMARY KEY CHECK (country_code ~ '^[A-Z]{2}$'),
    alpha3 char(3) NOT NULL UNIQUE CHECK (alpha3 ~ '^[A-Z]{3}$'),
    name text NOT NULL UNIQUE,
    region text NOT NULL CHECK (region IN ('africa', 'americas', 'asia', 'europe', 'oceania')),
    is_eu_ets boolean NOT NULL DEFAULT false,
    is_annex_b boolean NOT NULL DEFAULT false,
    corresponding_adjustment_policy text,
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE market.country IS 'Countries that host exchanges, zones, projects and counterparties (ISO 3166-1).';
COMMENT ON COLUMN market.country.country_code IS 'ISO 3166-1 alpha-2 code.';
COMMENT ON COLUMN market.country.alpha3 IS 'ISO 3166-1 alpha-3 code, used by registries.';
COMMENT ON COLUMN market.country.name IS 'English short name.';
COMMENT ON COLUMN market.country.region IS 'UN M49 top-level region.';
COMMENT ON COLUMN market.country.is_eu_ets IS 'Installations of the country fall under the EU ETS.';
COMMENT ON COLUMN market.country.is_annex_b IS 'Had a quantified target under the Kyoto Protocol, Annex B.';
COMMENT ON COLUMN market.country.corresponding_adjustment_policy IS 'How the host country grants Article 6 adjustments; null while none is published.';
COMMENT ON COLUMN market.country.updated_at IS 'Last change of the row.';
CREATE INDEX country_eu_ets_idx ON market.country (country_code) WHERE is_eu_ets;

CREATE TABLE market.currency (
    currency_code char(3) PRIMARY KEY CHECK (currency_code ~ '^[A-Z]{3}$'),
    name text NOT NULL,
    minor_digits smallint NOT NULL CHECK (minor_digits BETWEEN 0 AND 4),
    parent_code char(3) REFERENCES market.currency,
    parent_factor numeric(12, 6),
    is_settlement boolean NOT NULL DEFAULT true,
    CONSTRAINT currency_parent_pair CHECK ((parent_code IS NULL) = (parent_factor IS NULL)),
    CONSTRAINT currency_parent_is_other CHECK (parent_code <> currency_code),
    CONSTRAINT currency_parent_factor_positive CHECK (parent_factor > 0)
);
COMMENT ON TABLE market.currency IS 'Currencies in which prices are quoted and trades settle (ISO 4217).';
COMMENT ON COLUMN market.currency.currency_code IS 'ISO 4217 code. GBX (penny sterling) is admitted for NBP gas.';
COMMENT ON COLUMN market.currency.name IS 'English name.';
COMMENT ON COLUMN market.currency.minor_digits IS 'Digits after the point in settlement amounts.';
COMMENT ON COLUMN market.currency.parent_code IS 'Currency that this one is a fraction of, e.g. GBX of GBP.';
COMMENT ON COLUMN market.currency.parent_factor IS 'Units of the parent for one unit of this currency.';
COMMENT ON COLUMN market.currency.is_settlement IS 'Cash may be settled in it.';

CREATE TABLE market.unit_of_measure (
    unit_code text PRIMARY KEY CHECK (unit_code ~ '^[A-Za-z][A-Za-z0-9/]{0,15}$'),
    name text NOT NULL,
    dimension text NOT NULL CHECK (dimension IN ('energy', 'power', 'mass', 'volume', 'emission', 'temperature', 'speed', 'length', 'ratio')),
    base_unit_code text NOT NULL REFERENCES market.unit_of_measure,
    factor_to_base numeric(30, 15) NOT NULL CHECK (factor_to_base > 0),
    offset_to_base numeric(30, 15) NOT NULL DEFAULT 0,
    CONSTRAINT unit_base_is_identity CHECK (unit_code <> base_unit_code OR (factor_to_base = 1 AND offset_to_base = 0)),
    CONSTRAINT unit_offset_only_temperature CHECK (offset_to_base = 0 OR dimension = 'temperature')
);
COMMENT ON TABLE market.unit_of_measure IS 'Units of energy, mass, volume and emission, with exact factors to a base unit.';
COMMENT ON COLUMN market.unit_of_measure.unit_code IS 'Customary symbol: MWh, MMBtu, therm, t, bbl, tCO2e.';
COMMENT ON COLUMN market.unit_of_measure.name IS 'English name.';
COMMENT ON COLUMN market.unit_of_measure.dimension IS 'Only units of one dimension convert into each other.';
COMMENT ON COLUMN market.unit_of_measure.base_unit_code IS 'Unit of the dimension to which the factor leads; the base refers to itself.';
COMMENT ON COLUMN market.unit_of_measure.factor_to_base IS 'One of this unit in base units.';
COMMENT ON COLUMN market.unit_of_measure.offset_to_base IS 'Added after the factor; non-zero only for temperatures.';
CREATE INDEX unit_of_measure_dimension_idx ON market.unit_of_measure (dimension);

CREATE TABLE market.commodity (
    commodity_code market.code PRIMARY KEY,
    parent_code market.code REFERENCES market.commodity,
    name text NOT NULL UNIQUE,
    sector text NOT NULL CHECK (sector IN ('power', 'gas', 'lng', 'oil', 'coal', 'carbon', 'freight', 'weather')),
    default_unit_code text NOT NULL REFERENCES market.unit_of_measure,
    emission_factor numeric(12, 6) CHECK (emission_factor >= 0),
    is_storable boolean NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    CONSTRAINT commodity_parent_is_other CHECK (parent_code <> commodity_code)
);
COMMENT ON TABLE market.commodity IS 'What is traded, as a tree: energy > gas > pipeline gas; environmental > allowance.';
COMMENT ON COLUMN market.commodity.commodity_code IS 'Stable code, e.g. POWER, NATGAS, LNG, BRENT, API2, ALLOWANCE, CREDIT.';
COMMENT ON COLUMN market.commodity.parent_code IS 'Broader commodity; null at the root.';
COMMENT ON COLUMN market.commodity.name IS 'Name shown in reports.';
COMMENT ON COLUMN market.commodity.sector IS 'Desk that is responsible for it.';
COMMENT ON COLUMN market.commodity.default_unit_code IS 'Unit of volumes when nothing else is said.';
COMMENT ON COLUMN market.commodity.emission_factor IS 'tCO2e per default unit when burnt; null where nothing is burnt.';
COMMENT ON COLUMN market.commodity.is_storable IS 'Inventory can be carried; decides whether curves may use cost of carry.';
COMMENT ON COLUMN market.commodity.is_active IS 'New instruments may refer to it.';
CREATE INDEX commodity_parent_idx ON market.commodity (parent_code);
CREATE INDEX commodity_sector_idx ON market.commodity (sector) WHERE is_active;

CREATE TABLE market.data_source (
    source_code market.code PRIMARY KEY,
    name text NOT NULL UNIQUE,
    kind text NOT NULL CHECK (kind IN ('exchange', 'tso', 'registry', 'pra', 'broker', 'weather', 'vessel_tracking', 'internal')),
    country_code char(2) REFERENCES market.country,
    base_url text CHECK (base_url ~ '^https?://'),
    licence_reference text,
    licence_expires_on date,
    redistribution text NOT NULL DEFAULT 'none' CHECK (redistribution IN ('none', 'derived', 'delayed', 'free')),
    priority smallint NOT NULL DEFAULT 100 CHECK (priority BETWEEN 1 AND 999),
    contact_email text CHECK (contact_email LIKE '%_@_%'),
    is_active boolean NOT NULL DEFAULT true
);
COMMENT ON TABLE market.data_source IS 'Who delivers data: exchanges, system operators, registries, price reporting agencies, desks.';
COMMENT ON COLUMN market.data_source.source_code IS 'Short code: ICE, EEX, ENTSOE, VERRA, ECMWF, DESK.';
COMMENT ON COLUMN market.data_source.name IS 'Legal or customary name.';
COMMENT ON COLUMN market.data_source.kind IS 'Sort of publisher.';
COMMENT ON COLUMN market.data_source.country_code IS 'Seat, where it matters for data law.';
COMMENT ON COLUMN market.data_source.base_url IS 'Start page of the interface, for people.';
COMMENT ON COLUMN market.data_source.licence_reference IS 'Contract under which the data is used.';
COMMENT ON COLUMN market.data_source.licence_expires_on IS 'Last day of the licence; null for open data.';
COMMENT ON COLUMN market.data_source.redistribution IS 'What may leave the company.';
COMMENT ON COLUMN market.data_source.priority IS 'Lower wins when two sources give the same fact.';
COMMENT ON COLUMN market.data_source.contact_email IS 'Whom to write to when data is missing.';
COMMENT ON COLUMN market.data_source.is_active IS 'Feeds of an inactive source are not run.';
CREATE INDEX data_source_licence_idx ON market.data_source (licence_expires_on) WHERE is_active AND licence_expires_on IS NOT NULL;
CREATE UNIQUE INDEX data_source_name_ci_idx ON market.data_source (lower(name));

CREATE TABLE market.trading_calendar (
    calendar_code market.code PRIMARY KEY,
    name text NOT NULL,
    time_zone text NOT NULL CHECK (time_zone ~ '^[A-Za-z_]+(/[A-Za-z_+-]+){0,2}$'),
    weekend_days smallint[] NOT NULL DEFAULT '{6,7}',
    valid_from date NOT NULL,
    valid_to date NOT NULL,
    source_code market.code NOT NULL REFERENCES market.data_source,
    CONSTRAINT trading_calendar_range CHECK (valid_from <= valid_to),
    CONSTRAINT trading_calendar_weekend CHECK (weekend_days <@ '{1,2,3,4,5,6,7}'::smallint[])
);
COMMENT ON TABLE market.trading_calendar IS 'A named calendar of business days. Exchanges, hubs and curves refer to one.';
COMMENT ON COLUMN market.trading_calendar.calendar_code IS 'Code such as ICE-EU, EEX, TARGET2, NERC.';
COMMENT ON COLUMN market.trading_calendar.time_zone IS 'IANA name; dates of the calendar are dates in it.';
COMMENT ON COLUMN market.trading_calendar.weekend_days IS 'ISO weekdays without trading.';
COMMENT ON COLUMN market.trading_calendar.valid_from IS 'First day for which holidays were entered.';
COMMENT ON COLUMN market.trading_calendar.valid_to IS 'Last day for which holidays were entered; queries past it must fail and not guess.';
COMMENT ON COLUMN market.trading_calendar.source_code IS 'Publisher of the holiday list.';
CREATE INDEX trading_calendar_source_idx ON market.trading_calendar (source_code);

CREATE TABLE market.calendar_day (
    calendar_code market.code NOT NULL REFERENCES market.trading_calendar ON DELETE CASCADE,
    day date NOT NULL,
    kind text NOT NULL CHECK (kind IN ('holiday', 'half_day', 'special_session')),
    name text NOT NULL,
    opens_at time,
    closes_at time,
    has_settlement boolean NOT NULL DEFAULT false,
    PRIMARY KEY (calendar_code, day),
    CONSTRAINT calendar_day_hours CHECK ((kind = 'holiday') = (opens_at IS NULL AND closes_at IS NULL)),
    CONSTRAINT calendar_day_hours_order CHECK (opens_at < closes_at)
);
COMMENT ON TABLE market.calendar_day IS 'Days that differ from the weekly pattern: holidays, half days, special sessions.';
COMMENT ON COLUMN market.calendar_day.calendar_code IS 'Calendar that the day belongs to.';
COMMENT ON COLUMN market.calendar_day.day IS 'The date, in the calendar''s time zone.';
COMMENT ON COLUMN market.calendar_day.kind IS 'How it differs.';
COMMENT ON COLUMN market.calendar_day.name IS 'Christmas Day, Early May Bank Holiday.';
COMMENT ON COLUMN market.calendar_day.opens_at IS 'Local opening time where it differs.';
COMMENT ON COLUMN market.calendar_day.closes_at IS 'Local closing time where it differs.';
COMMENT ON COLUMN market.calendar_day.has_settlement IS 'The exchange publishes settlement prices on it.';
CREATE INDEX calendar_day_day_idx ON market.calendar_day (day);

CREATE TABLE market.exchange (
    mic char(4) PRIMARY KEY CHECK (mic ~ '^[A-Z0-9]{4}$'),
    operating_mic char(4) NOT NULL REFERENCES market.exchange,
    name text NOT NULL,
    country_code char(2) NOT NULL REFERENCES market.country,
    calendar_code market.code NOT NULL REFERENCES market.trading_calendar,
    clearing_house text,
    lei char(20) CHECK (lei ~ '^[A-Z0-9]{18}[0-9]{2}$'),
    venue_type text NOT NULL CHECK (venue_type IN ('regulated_market', 'mtf', 'otf', 'auction_platform', 'clearing')),
    settlement_time time,
    is_active boolean NOT NULL DEFAULT true
);
COMMENT ON TABLE market.exchange IS 'Trading venues and clearing houses, by market identifier code (ISO 10383).';
COMMENT ON COLUMN market.exchange.mic IS 'ISO 10383 segment code: IFEU, XEEE, NDEX, XNYM.';
COMMENT ON COLUMN market.exchange.operating_mic IS 'Operating venue; itself where the row is the operator.';
COMMENT ON COLUMN market.exchange.name IS 'Name in the MIC list.';
COMMENT ON COLUMN market.exchange.country_code IS 'Seat of the venue.';
COMMENT ON COLUMN market.exchange.calendar_code IS 'Business days of the venue.';
COMMENT ON COLUMN market.exchange.clearing_house IS 'Central counterparty, if trades are cleared.';
COMMENT ON COLUMN market.exchange.lei IS 'Legal entity identifier (ISO 17442).';
COMMENT ON COLUMN market.exchange.venue_type IS 'MiFID II class.';
COMMENT ON COLUMN market.exchange.settlement_time IS 'Local time at which settlement prices are fixed.';
COMMENT ON COLUMN market.exchange.is_active IS 'Cleared when the MIC is deactivated; rows are never deleted.';
CREATE INDEX exchange_lei_idx ON market.exchange (lei) WHERE lei IS NOT NULL;
CREATE INDEX exchange_operating_idx ON market.exchange (operating_mic);
CREATE INDEX exchange_calendar_idx ON market.exchange (calendar_code);
CREATE INDEX exchange_country_idx ON market.exchange (country_code);

--
-- 2. Places and physical assets
--

CREATE TABLE market.power_zone (
    zone_code market.code PRIMARY KEY,
    eic char(16) UNIQUE CHECK (eic ~ '^[0-9]{2}[YZTWXVA][A-Z0-9-]{13}$'),
    name text NOT NULL,
    country_code char(2) NOT NULL REFERENCES market.country,
    tso text NOT NULL,
    zone_type text NOT NULL CHECK (zone_type IN ('bidding_zone', 'hub', 'node', 'balancing_area')),
    parent_zone_code market.code REFERENCES market.power_zone,
    time_zone text NOT NULL,
    resolution_minutes smallint NOT NULL CHECK (resolution_minutes IN (5, 15, 30, 60)),
    price_floor market.price,
    price_cap market.price,
    active_from date NOT NULL,
    active_to date,
    CONSTRAINT power_zone_price_band CHECK (price_floor < price_cap),
    CONSTRAINT power_zone_active CHECK (active_from <= active_to),
    CONSTRAINT power_zone_parent_is_other CHECK (parent_zone_code <> zone_code)
);
COMMENT ON TABLE market.power_zone IS 'Bidding zones and pricing nodes of electricity markets.';
COMMENT ON COLUMN market.power_zone.zone_code IS 'Customary name: DE-LU, FR, GB, PJM-WH, CAISO-NP15.';
COMMENT ON COLUMN market.power_zone.eic IS 'Energy Identification Code (ENTSO-E); null outside Europe.';
COMMENT ON COLUMN market.power_zone.country_code IS 'Country of the larger part of the zone.';
COMMENT ON COLUMN market.power_zone.tso IS 'System operator, or list of them where a zone has several.';
COMMENT ON COLUMN market.power_zone.zone_type IS 'Granularity at which a price exists.';
COMMENT ON COLUMN market.power_zone.parent_zone_code IS 'Zone that a node settles into.';
COMMENT ON COLUMN market.power_zone.time_zone IS 'IANA name; delivery days have 23 or 25 hours around clock changes.';
COMMENT ON COLUMN market.power_zone.resolution_minutes IS 'Length of a market time unit.';
COMMENT ON COLUMN market.power_zone.price_floor IS 'Harmonised minimum clearing price of the auction.';
COMMENT ON COLUMN market.power_zone.price_cap IS 'Harmonised maximum clearing price of the auction.';
COMMENT ON COLUMN market.power_zone.active_from IS 'First delivery day.';
COMMENT ON COLUMN market.power_zone.active_to IS 'Last delivery day, when zones were split or merged.';
CREATE INDEX power_zone_country_idx ON market.power_zone (country_code);
CREATE INDEX power_zone_parent_idx ON market.power_zone (parent_zone_code) WHERE parent_zone_code IS NOT NULL;

CREATE TABLE market.gas_hub (
    hub_code market.code PRIMARY KEY,
    eic char(16) UNIQUE CHECK (eic ~ '^[0-9]{2}[YZTWXVA][A-Z0-9-]{13}$'),
    name text NOT NULL,
    country_code char(2) NOT NULL REFERENCES market.country,
    operator text NOT NULL,
    hub_type text NOT NULL CHECK (hub_type IN ('virtual', 'physical')),
    currency_code char(3) NOT NULL REFERENCES market.currency,
    unit_code text NOT NULL REFERENCES market.unit_of_measure,
    gas_day_start time NOT NULL DEFAULT '06:00',
    time_zone text NOT NULL,
    calorific_value numeric(8, 4) CHECK (calorific_value > 0),
    latitude market.latitude,
    longitude market.longitude,
    CONSTRAINT gas_hub_position CHECK ((latitude IS NULL) = (longitude IS NULL)),
    CONSTRAINT gas_hub_physical_has_position CHECK (hub_type = 'virtual' OR latitude IS NOT NULL)
);
COMMENT ON TABLE market.gas_hub IS 'Virtual and physical trading points for natural gas.';
COMMENT ON COLUMN market.gas_hub.hub_code IS 'TTF, NBP, THE, PSV, HENRY-HUB.';
COMMENT ON COLUMN market.gas_hub.eic IS 'Energy Identification Code of the balancing zone.';
COMMENT ON COLUMN market.gas_hub.name IS 'Full name.';
COMMENT ON COLUMN market.gas_hub.country_code IS 'Country whose network code applies.';
COMMENT ON COLUMN market.gas_hub.operator IS 'Market area manager or pipeline company.';
COMMENT ON COLUMN market.gas_hub.hub_type IS 'Virtual points have no single location.';
COMMENT ON COLUMN market.gas_hub.currency_code IS 'Customary quotation currency.';
COMMENT ON COLUMN market.gas_hub.unit_code IS 'Customary quotation unit.';
COMMENT ON COLUMN market.gas_hub.gas_day_start IS 'Local start of the gas day.';
COMMENT ON COLUMN market.gas_hub.time_zone IS 'IANA name in which the gas day is counted.';
COMMENT ON COLUMN market.gas_hub.calorific_value IS 'Reference gross calorific value in kWh per normal cubic metre.';
COMMENT ON COLUMN market.gas_hub.latitude IS 'Position of a physical hub.';
COMMENT ON COLUMN market.gas_hub.longitude IS 'Position of a physical hub.';
CREATE INDEX gas_hub_country_idx ON market.gas_hub (country_code);

CREATE TABLE market.gas_storage_site (
    site_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    eic char(16) NOT NULL UNIQUE CHECK (eic ~ '^[0-9]{2}[YZTWXVA][A-Z0-9-]{13}$'),
    name text NOT NULL,
    operator text NOT NULL,
    hub_code market.code NOT NULL REFERENCES market.gas_hub,
    country_code char(2) NOT NULL REFERENCES market.country,
    site_type text NOT NULL CHECK (site_type IN ('depleted_field', 'salt_cavern', 'aquifer', 'lng_peak_shaving')),
    working_gas_gwh market.quantity NOT NULL CHECK (working_gas_gwh > 0),
    max_injection_gwh_day market.quantity NOT NULL CHECK (max_injection_gwh_day >= 0),
    max_withdrawal_gwh_day market.quantity NOT NULL CHECK (max_withdrawal_gwh_day >= 0),
    commissioned_on date,
    decommissioned_on date,
    UNIQUE (operator, name),
    CONSTRAINT gas_storage_site_life CHECK (commissioned_on < decommissioned_on)
);
COMMENT ON TABLE market.gas_storage_site IS 'Underground gas storages whose levels are published.';
COMMENT ON COLUMN market.gas_storage_site.eic IS 'Energy Identification Code used by AGSI.';
COMMENT ON COLUMN market.gas_storage_site.name IS 'Facility name.';
COMMENT ON COLUMN market.gas_storage_site.operator IS 'Storage system operator.';
COMMENT ON COLUMN market.gas_storage_site.hub_code IS 'Hub that the site injects from and withdraws into.';
COMMENT ON COLUMN market.gas_storage_site.country_code IS 'Country whose filling targets count it.';
COMMENT ON COLUMN market.gas_storage_site.site_type IS 'Geology; decides cycling speed.';
COMMENT ON COLUMN market.gas_storage_site.working_gas_gwh IS 'Working gas volume in GWh.';
COMMENT ON COLUMN market.gas_storage_site.max_injection_gwh_day IS 'Technical injection rate at low filling.';
COMMENT ON COLUMN market.gas_storage_site.max_withdrawal_gwh_day IS 'Technical withdrawal rate at high filling.';
COMMENT ON COLUMN market.gas_storage_site.commissioned_on IS 'Start of operation.';
COMMENT ON COLUMN market.gas_storage_site.decommissioned_on IS 'End of operation; null while in service.';
CREATE INDEX gas_storage_site_hub_idx ON market.gas_storage_site (hub_code) WHERE decommissioned_on IS NULL;
CREATE INDEX gas_storage_site_country_idx ON market.gas_storage_site (country_code);

CREATE TABLE market.lng_terminal (
    terminal_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    unlocode char(5) CHECK (unlocode ~ '^[A-Z]{2}[A-Z2-9]{3}$'),
    country_code char(2) NOT NULL REFERENCES market.country,
    direction text NOT NULL CHECK (direction IN ('export', 'import', 'bidirectional')),
    is_floating boolean NOT NULL DEFAULT false,
    hub_code market.code REFERENCES market.gas_hub,
    capacity_mtpa numeric(10, 3) NOT NULL CHECK (capacity_mtpa > 0),
    storage_m3 market.quantity CHECK (storage_m3 > 0),
    max_vessel_m3 integer CHECK (max_vessel_m3 > 0),
    status text NOT NULL CHECK (status IN ('planned', 'construction', 'operating', 'mothballed')),
    latitude market.latitude NOT NULL,
    longitude market.longitude NOT NULL,
    UNIQUE (country_code, name),
    CONSTRAINT lng_terminal_import_has_hub CHECK (direction = 'export' OR hub_code IS NOT NULL OR status <> 'operating')
);
COMMENT ON TABLE market.lng_terminal IS 'Liquefaction and regasification terminals, floating ones included.';
COMMENT ON COLUMN market.lng_terminal.name IS 'Customary name: Sabine Pass, Gate, Zeebrugge.';
COMMENT ON COLUMN market.lng_terminal.unlocode IS 'UN/LOCODE of the port.';
COMMENT ON COLUMN market.lng_terminal.country_code IS 'Country of the berth.';
COMMENT ON COLUMN market.lng_terminal.direction IS 'Loads, discharges or both.';
COMMENT ON COLUMN market.lng_terminal.is_floating IS 'FSRU or FLNG; such units move between ports.';
COMMENT ON COLUMN market.lng_terminal.hub_code IS 'Hub reached by send-out.';
COMMENT ON COLUMN market.lng_terminal.capacity_mtpa IS 'Nameplate capacity in million tonnes a year.';
COMMENT ON COLUMN market.lng_terminal.storage_m3 IS 'Tank volume in cubic metres of LNG.';
COMMENT ON COLUMN market.lng_terminal.max_vessel_m3 IS 'Largest ship that can berth.';
COMMENT ON COLUMN market.lng_terminal.status IS 'Stage of life.';
COMMENT ON COLUMN market.lng_terminal.latitude IS 'Berth position, for matching vessel tracks.';
COMMENT ON COLUMN market.lng_terminal.longitude IS 'Berth position, for matching vessel tracks.';
CREATE INDEX lng_terminal_hub_idx ON market.lng_terminal (hub_code);
CREATE INDEX lng_terminal_operating_idx ON market.lng_terminal (direction, country_code) WHERE status = 'operating';

CREATE TABLE market.lng_vessel (
    imo_number integer PRIMARY KEY CHECK (imo_number BETWEEN 1000000 AND 9999999),
    name text NOT NULL,
    mmsi integer UNIQUE CHECK (mmsi BETWEEN 100000000 AND 999999999),
    flag_country_code char(2) REFERENCES market.country,
    capacity_m3 integer NOT NULL CHECK (capacity_m3 BETWEEN 1000 AND 300000),
    containment text NOT NULL CHECK (containment IN ('membrane', 'moss', 'sps', 'type_c')),
    propulsion text NOT NULL CHECK (propulsion IN ('steam', 'dfde', 'tfde', 'megi', 'xdf', 'ssd')),
    boil_off_rate numeric(6, 4) CHECK (boil_off_rate BETWEEN 0 AND 1),
    is_icebreaking boolean NOT NULL DEFAULT false,
    built_year smallint CHECK (built_year BETWEEN 1960 AND 2100),
    operator text
);
COMMENT ON TABLE market.lng_vessel IS 'LNG carriers, by IMO number.';
COMMENT ON COLUMN market.lng_vessel.imo_number IS 'Hull number; survives renaming and reflagging.';
COMMENT ON COLUMN market.lng_vessel.name IS 'Present name.';
COMMENT ON COLUMN market.lng_vessel.mmsi IS 'Radio identity; changes with the flag.';
COMMENT ON COLUMN market.lng_vessel.flag_country_code IS 'Flag state.';
COMMENT ON COLUMN market.lng_vessel.capacity_m3 IS 'Cargo capacity at 98.5 percent filling.';
COMMENT ON COLUMN market.lng_vessel.containment IS 'Tank system.';
COMMENT ON COLUMN market.lng_vessel.propulsion IS 'Drive; decides boil-off use.';
COMMENT ON COLUMN market.lng_vessel.boil_off_rate IS 'Percent of the cargo a day when laden.';
COMMENT ON COLUMN market.lng_vessel.is_icebreaking IS 'Arc7 class or similar.';
COMMENT ON COLUMN market.lng_vessel.built_year IS 'Year of delivery.';
COMMENT ON COLUMN market.lng_vessel.operator IS 'Commercial operator.';
CREATE INDEX lng_vessel_name_ci_idx ON market.lng_vessel (lower(name));

CREATE TABLE market.weather_station (
    station_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    wmo_number char(5) UNIQUE CHECK (wmo_number ~ '^[0-9]{5}$'),
    name text NOT NULL,
    source_code market.code NOT NULL REFERENCES market.data_source,
    country_code char(2) NOT NULL REFERENCES market.country,
    zone_code market.code REFERENCES market.power_zone,
    latitude market.latitude NOT NULL,
    longitude market.longitude NOT NULL,
    elevation_m numeric(7, 2) CHECK (elevation_m BETWEEN -430 AND 8850),
    population_weight numeric(8, 7) NOT NULL DEFAULT 0 CHECK (population_weight BETWEEN 0 AND 1),
    wind_capacity_mw market.quantity CHECK (wind_capacity_mw >= 0),
    solar_capacity_mw market.quantity CHECK (solar_capacity_mw >= 0),
    is_active boolean NOT NULL DEFAULT true,
    UNIQUE (source_code, name)
);
COMMENT ON TABLE market.weather_station IS 'Stations and grid cells at which weather is observed or forecast.';
COMMENT ON COLUMN market.weather_station.wmo_number IS 'WMO index number; null for grid cells.';
COMMENT ON COLUMN market.weather_station.name IS 'Place name.';
COMMENT ON COLUMN market.weather_station.source_code IS 'Network that runs it.';
COMMENT ON COLUMN market.weather_station.country_code IS 'Country of the site.';
COMMENT ON COLUMN market.weather_station.zone_code IS 'Bidding zone for whose demand and renewables it stands.';
COMMENT ON COLUMN market.weather_station.latitude IS 'WGS 84.';
COMMENT ON COLUMN market.weather_station.longitude IS 'WGS 84.';
COMMENT ON COLUMN market.weather_station.elevation_m IS 'Height above sea level.';
COMMENT ON COLUMN market.weather_station.population_weight IS 'Share in the heating degree days of its zone.';
COMMENT ON COLUMN market.weather_station.wind_capacity_mw IS 'Installed wind capacity that it represents.';
COMMENT ON COLUMN market.weather_station.solar_capacity_mw IS 'Installed solar capacity that it represents.';
COMMENT ON COLUMN market.weather_station.is_active IS 'Still reporting.';
CREATE INDEX weather_station_zone_idx ON market.weather_station (zone_code) WHERE is_active;
CREATE INDEX weather_station_country_idx ON market.weather_station (country_code);
CREATE INDEX weather_station_position_idx ON market.weather_station (latitude, longitude);

--
-- 3. Ingestion (declared early, because facts refer to the run that brought them)
--

CREATE TABLE market.ingestion_feed (
    feed_code market.code PRIMARY KEY,
    source_code market.code NOT NULL REFERENCES market.data_source,
    description text NOT NULL,
    transport text NOT NULL CHECK (transport IN ('https', 'sftp', 's3', 'kafka', 'fix', 'email', 'manual')),
    format text NOT NULL CHECK (format IN ('csv', 'json', 'xml', 'xlsx', 'parquet', 'grib2', 'fix', 'pdf')),
    schedule text CHECK (schedule ~ '^(\S+\s+){4}\S+$'),
    calendar_code market.code REFERENCES market.trading_calendar,
    expected_by time,
    max_age interval CHECK (max_age > interval '0'),
    workflow_name text,
    target_table text NOT NULL CHECK (target_table ~ '^[a-z][a-z0-9_]*$'),
    owner_email text NOT NULL CHECK (owner_email LIKE '%_@_%'),
    is_enabled boolean NOT NULL DEFAULT true,
    CONSTRAINT ingestion_feed_pull_has_schedule CHECK (schedule IS NOT NULL OR transport IN ('kafka', 'fix', 'email', 'manual'))
);
COMMENT ON TABLE market.ingestion_feed IS 'One stream of files or messages from one source, and how it is fetched.';
COMMENT ON COLUMN market.ingestion_feed.feed_code IS 'EEX-SETTLEMENT, ENTSOE-DAYAHEAD, VERRA-ISSUANCE.';
COMMENT ON COLUMN market.ingestion_feed.source_code IS 'Publisher.';
COMMENT ON COLUMN market.ingestion_feed.description IS 'What the stream holds, in one sentence.';
COMMENT ON COLUMN market.ingestion_feed.transport IS 'How bytes arrive.';
COMMENT ON COLUMN market.ingestion_feed.format IS 'Format of the payload.';
COMMENT ON COLUMN market.ingestion_feed.schedule IS 'Cron expression in UTC; null for streams that push.';
COMMENT ON COLUMN market.ingestion_feed.calendar_code IS 'Days on which silence is normal.';
COMMENT ON COLUMN market.ingestion_feed.expected_by IS 'UTC time after which the data counts as late.';
COMMENT ON COLUMN market.ingestion_feed.max_age IS 'Age at which consumers must treat the data as stale.';
COMMENT ON COLUMN market.ingestion_feed.workflow_name IS 'Workflow in the scheduler that runs the feed.';
COMMENT ON COLUMN market.ingestion_feed.target_table IS 'Table of this schema that receives the rows.';
COMMENT ON COLUMN market.ingestion_feed.owner_email IS 'Team that is called when it fails.';
COMMENT ON COLUMN market.ingestion_feed.is_enabled IS 'Cleared to stop a feed without deleting its history.';
CREATE INDEX ingestion_feed_source_idx ON market.ingestion_feed (source_code);
CREATE INDEX ingestion_feed_target_idx ON market.ingestion_feed (target_table) WHERE is_enabled;

CREATE TABLE market.ingestion_run (
    run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    feed_code market.code NOT NULL REFERENCES market.ingestion_feed,
    business_date date NOT NULL,
    attempt smallint NOT NULL DEFAULT 1 CHECK (attempt > 0),
    status text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'succeeded', 'failed', 'skipped', 'rolled_back')),
    started_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    object_uri text CHECK (object_uri ~ '^(s3|lakefs)://'),
    object_sha256 char(64) CHECK (object_sha256 ~ '^[0-9a-f]{64}$'),
    rows_read bigint NOT NULL DEFAULT 0 CHECK (rows_read >= 0),
    rows_written bigint NOT NULL DEFAULT 0 CHECK (rows_written >= 0),
    rows_rejected bigint NOT NULL DEFAULT 0 CHECK (rows_rejected >= 0),
    code_version text NOT NULL,
    error_text text,
    scheduler_instance text,
    UNIQUE (feed_code, business_date, attempt),
    CONSTRAINT ingestion_run_finished CHECK ((status = 'running') = (finished_at IS NULL)),
    CONSTRAINT ingestion_run_error CHECK (status <> 'failed' OR error_text IS NOT NULL),
    CONSTRAINT ingestion_run_order CHECK (finished_at >= started_at),
    CONSTRAINT ingestion_run_counts CHECK (rows_written + rows_rejected <= rows_read)
);
COMMENT ON TABLE market.ingestion_run IS 'One execution of a feed: what was fetched, what was loaded, how it ended.';
COMMENT ON COLUMN market.ingestion_run.run_id IS 'Referred to by every fact of this schema.';
COMMENT ON COLUMN market.ingestion_run.feed_code IS 'Feed that ran.';
COMMENT ON COLUMN market.ingestion_run.business_date IS 'Date that the data is about, not the date of the run.';
COMMENT ON COLUMN market.ingestion_run.attempt IS 'Counts retries for one business date.';
COMMENT ON COLUMN market.ingestion_run.status IS 'Outcome.';
COMMENT ON COLUMN market.ingestion_run.started_at IS 'Start of the fetch.';
COMMENT ON COLUMN market.ingestion_run.finished_at IS 'End of the load.';
COMMENT ON COLUMN market.ingestion_run.object_uri IS 'Raw payload as it arrived, kept for replay.';
COMMENT ON COLUMN market.ingestion_run.object_sha256 IS 'Digest of the raw payload; equal digests are skipped.';
COMMENT ON COLUMN market.ingestion_run.rows_read IS 'Records found in the payload.';
COMMENT ON COLUMN market.ingestion_run.rows_written IS 'Rows inserted or corrected.';
COMMENT ON COLUMN market.ingestion_run.rows_rejected IS 'Records that failed a quality rule of severity error.';
COMMENT ON COLUMN market.ingestion_run.code_version IS 'Image digest or commit of the loader.';
COMMENT ON COLUMN market.ingestion_run.error_text IS 'First error, for the dashboard.';
COMMENT ON COLUMN market.ingestion_run.scheduler_instance IS 'Workflow instance, to find the log.';
CREATE INDEX ingestion_run_open_idx ON market.ingestion_run (started_at) WHERE status = 'running';
CREATE INDEX ingestion_run_failed_idx ON market.ingestion_run (feed_code, started_at DESC) WHERE status = 'failed';
CREATE INDEX ingestion_run_date_idx ON market.ingestion_run (business_date DESC, feed_code);
CREATE INDEX ingestion_run_digest_idx ON market.ingestion_run (object_sha256) WHERE object_sha256 IS NOT NULL;
CREATE UNIQUE INDEX ingestion_run_one_success_idx ON market.ingestion_run (feed_code, business_date, object_sha256) WHERE status = 'succeeded';

--
-- 4. Instruments
--

CREATE TABLE market.load_profile (
    profile_code market.code PRIMARY KEY,
    name text NOT NULL,
    weekdays smallint[] NOT NULL CHECK (weekdays <@ '{1,2,3,4,5,6,7}'::smallint[] AND cardinality(weekdays) > 0),
    hour_from smallint NOT NULL CHECK (hour_from BETWEEN 0 AND 23),
    hour_to smallint NOT NULL CHECK (hour_to BETWEEN 1 AND 24),
    is_inverse boolean NOT NULL DEFAULT false,
    calendar_code market.code REFERENCES market.trading_calendar,
    CONSTRAINT load_profile_hours CHECK (hour_from < hour_to)
);
COMMENT ON TABLE market.load_profile IS 'Shape of delivery over hours and days: base, peak, off-peak, gas day.';
COMMENT ON COLUMN market.load_profile.profile_code IS 'BASE, PEAK-EU, OFFPEAK-EU, PEAK-5X16, GASDAY.';
COMMENT ON COLUMN market.load_profile.name IS 'Name shown in reports.';
COMMENT ON COLUMN market.load_profile.weekdays IS 'ISO weekdays of delivery.';
COMMENT ON COLUMN market.load_profile.hour_from IS 'First local hour.';
COMMENT ON COLUMN market.load_profile.hour_to IS 'Local hour at which delivery ends.';
COMMENT ON COLUMN market.load_profile.is_inverse IS 'Delivers in all hours that are not named.';
COMMENT ON COLUMN market.load_profile.calendar_code IS 'Holidays that count as off-peak; null where they do not matter.';

CREATE TABLE market.delivery_period (
    period_code market.code PRIMARY KEY,
    granularity text NOT NULL CHECK (granularity IN ('hour', 'day', 'weekend', 'week', 'month', 'quarter', 'season', 'year', 'vintage')),
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    label text NOT NULL,
    parent_code market.code REFERENCES market.delivery_period,
    days integer GENERATED ALWAYS AS (ends_on - starts_on + 1) STORED,
    UNIQUE (granularity, starts_on, ends_on),
    CONSTRAINT delivery_period_span CHECK (starts_on <= ends_on),
    CONSTRAINT delivery_period_month CHECK (granularity <> 'month' OR (extract(day FROM starts_on) = 1 AND ends_on - starts_on BETWEEN 27 AND 30)),
    CONSTRAINT delivery_period_parent_is_other CHECK (parent_code <> period_code)
);
COMMENT ON TABLE market.delivery_period IS 'Spans in which a contract delivers: days, weekends, months, quarters, seasons, years.';
COMMENT ON COLUMN market.delivery_period.period_code IS '2026-12, 2026-Q4, WIN-26, CAL-27, DA-2026-11-24.';
COMMENT ON COLUMN market.delivery_period.granularity IS 'Length class.';
COMMENT ON COLUMN market.delivery_period.starts_on IS 'First delivery day.';
COMMENT ON COLUMN market.delivery_period.ends_on IS 'Last delivery day, inclusive.';
COMMENT ON COLUMN market.delivery_period.label IS 'How the desk says it: Dec-26, Win-26.';
COMMENT ON COLUMN market.delivery_period.parent_code IS 'Larger period into which this one cascades.';
COMMENT ON COLUMN market.delivery_period.days IS 'Calendar days of delivery.';
CREATE INDEX delivery_period_span_idx ON market.delivery_period USING gist (daterange(starts_on, ends_on, '[]'));
CREATE INDEX delivery_period_parent_idx ON market.delivery_period (parent_code) WHERE parent_code IS NOT NULL;

CREATE TABLE market.product (
    product_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product_code market.code NOT NULL,
    mic char(4) REFERENCES market.exchange,
    name text NOT NULL,
    commodity_code market.code NOT NULL REFERENCES market.commodity,
    kind text NOT NULL CHECK (kind IN ('spot', 'future', 'forward', 'option', 'swap', 'spread', 'auction')),
    settlement text NOT NULL CHECK (settlement IN ('physical', 'cash')),
    currency_code char(3) NOT NULL REFERENCES market.currency,
    price_unit_code text NOT NULL REFERENCES market.unit_of_measure,
    lot_size market.quantity NOT NULL CHECK (lot_size > 0),
    lot_unit_code text NOT NULL REFERENCES market.unit_of_measure,
    tick_size market.price NOT NULL CHECK (tick_size > 0),
    profile_code market.code REFERENCES market.load_profile,
    zone_code market.code REFERENCES market.power_zone,
    hub_code market.code REFERENCES market.gas_hub,
    rule_text_url text,
    listed_from date NOT NULL,
    delisted_on date,
    UNIQUE NULLS NOT DISTINCT (mic, product_code),
    CONSTRAINT product_one_place CHECK (num_nonnulls(zone_code, hub_code) <= 1),
    CONSTRAINT product_future_has_venue CHECK (kind <> 'future' OR mic IS NOT NULL),
    CONSTRAINT product_life CHECK (listed_from <= delisted_on)
);
COMMENT ON TABLE market.product IS 'A family of contracts with one specification, listed on a venue or traded over the counter.';
COMMENT ON COLUMN market.product.product_code IS 'Venue''s code, or ours for over-the-counter products.';
COMMENT ON COLUMN market.product.mic IS 'Venue; null over the counter.';
COMMENT ON COLUMN market.product.name IS 'Name in the venue''s specification.';
COMMENT ON COLUMN market.product.commodity_code IS 'What is delivered or referenced.';
COMMENT ON COLUMN market.product.kind IS 'Type of contract.';
COMMENT ON COLUMN market.product.settlement IS 'How it ends.';
COMMENT ON COLUMN market.product.currency_code IS 'Quotation currency.';
COMMENT ON COLUMN market.product.price_unit_code IS 'Prices are per one of this unit.';
COMMENT ON COLUMN market.product.lot_size IS 'Volume of one lot in the lot unit.';
COMMENT ON COLUMN market.product.lot_unit_code IS 'Unit of the lot; MW for power, where the hours decide the energy.';
COMMENT ON COLUMN market.product.tick_size IS 'Smallest price step.';
COMMENT ON COLUMN market.product.profile_code IS 'Delivery shape for power and gas.';
COMMENT ON COLUMN market.product.zone_code IS 'Delivery zone for power.';
COMMENT ON COLUMN market.product.hub_code IS 'Delivery hub for gas.';
COMMENT ON COLUMN market.product.rule_text_url IS 'Link to the specification.';
COMMENT ON COLUMN market.product.listed_from IS 'First trading day of the product.';
COMMENT ON COLUMN market.product.delisted_on IS 'Day from which it no longer trades.';
CREATE INDEX product_commodity_idx ON market.product (commodity_code) WHERE delisted_on IS NULL;
CREATE INDEX product_zone_idx ON market.product (zone_code) WHERE zone_code IS NOT NULL;
CREATE INDEX product_hub_idx ON market.product (hub_code) WHERE hub_code IS NOT NULL;

CREATE TABLE market.instrument (
    instrument_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    symbol market.code NOT NULL UNIQUE,
    kind text NOT NULL CHECK (kind IN ('contract', 'index', 'allowance', 'credit', 'fx', 'spread')),
    name text NOT NULL,
    commodity_code market.code NOT NULL REFERENCES market.commodity,
    currency_code char(3) NOT NULL REFERENCES market.currency,
    unit_code text NOT NULL REFERENCES market.unit_of_measure,
    isin char(12) UNIQUE CHECK (isin ~ '^[A-Z]{2}[A-Z0-9]{9}[0-9]$'),
    cfi char(6) CHECK (cfi ~ '^[A-Z]{6}$'),
    is_reportable boolean NOT NULL DEFAULT false,
    active_from date NOT NULL,
    active_to date,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL DEFAULT current_user,
    UNIQUE (instrument_id, kind),
    CONSTRAINT instrument_active CHECK (active_from <= active_to)
);
COMMENT ON TABLE market.instrument IS 'Anything with a price: a contract, an index, an allowance, a credit, a currency pair.';
COMMENT ON COLUMN market.instrument.instrument_id IS 'Referred to by prices, trades and positions.';
COMMENT ON COLUMN market.instrument.symbol IS 'Our symbol; aliases hold those of others.';
COMMENT ON COLUMN market.instrument.kind IS 'Which table holds the detail.';
COMMENT ON COLUMN market.instrument.commodity_code IS 'Commodity whose desk owns it.';
COMMENT ON COLUMN market.instrument.currency_code IS 'Quotation currency.';
COMMENT ON COLUMN market.instrument.unit_code IS 'Quotation unit.';
COMMENT ON COLUMN market.instrument.isin IS 'ISO 6166, where one was assigned.';
COMMENT ON COLUMN market.instrument.cfi IS 'ISO 10962 class, needed for transaction reports.';
COMMENT ON COLUMN market.instrument.is_reportable IS 'Trades go to EMIR, MiFIR or REMIT reporting.';
COMMENT ON COLUMN market.instrument.active_from IS 'First day on which a price may exist.';
COMMENT ON COLUMN market.instrument.active_to IS 'Last day; null while open.';
COMMENT ON COLUMN market.instrument.created_at IS 'When it was set up.';
COMMENT ON COLUMN market.instrument.created_by IS 'Who set it up.';
CREATE INDEX instrument_commodity_idx ON market.instrument (commodity_code, kind);
CREATE INDEX instrument_open_idx ON market.instrument (kind, symbol) WHERE active_to IS NULL;
CREATE INDEX instrument_search_idx ON market.instrument USING gin (to_tsvector('simple', name || ' ' || symbol::text));

CREATE TABLE market.instrument_alias (
    source_code market.code NOT NULL REFERENCES market.data_source,
    alias text NOT NULL CHECK (alias <> ''),
    valid_from date NOT NULL DEFAULT '1900-01-01',
    valid_to date NOT NULL DEFAULT 'infinity',
    instrument_id bigint NOT NULL REFERENCES market.instrument ON DELETE CASCADE,
    alias_type text NOT NULL CHECK (alias_type IN ('ticker', 'ric', 'figi', 'series_id', 'registry_code', 'description')),
    is_preferred boolean NOT NULL DEFAULT false,
    PRIMARY KEY (source_code, alias, valid_from),
    CONSTRAINT instrument_alias_span CHECK (valid_from <= valid_to)
);
COMMENT ON TABLE market.instrument_alias IS 'Names under which sources know an instrument.';
COMMENT ON COLUMN market.instrument_alias.source_code IS 'Who uses the name.';
COMMENT ON COLUMN market.instrument_alias.alias IS 'Ticker, RIC, series id.';
COMMENT ON COLUMN market.instrument_alias.valid_from IS 'First day; sources reuse tickers after expiry.';
COMMENT ON COLUMN market.instrument_alias.valid_to IS 'Last day, inclusive.';
COMMENT ON COLUMN market.instrument_alias.instrument_id IS 'What the name means in that span.';
COMMENT ON COLUMN market.instrument_alias.alias_type IS 'Kind of name.';
COMMENT ON COLUMN market.instrument_alias.is_preferred IS 'Used when we write to the source.';
CREATE INDEX instrument_alias_instrument_idx ON market.instrument_alias (instrument_id);
CREATE UNIQUE INDEX instrument_alias_preferred_idx ON market.instrument_alias (source_code, instrument_id, alias_type) WHERE is_preferred AND valid_to = 'infinity';

CREATE TABLE market.contract (
    instrument_id bigint PRIMARY KEY,
    instrument_kind text NOT NULL DEFAULT 'contract' CHECK (instrument_kind = 'contract'),
    product_id bigint NOT NULL REFERENCES market.product,
    period_code market.code NOT NULL REFERENCES market.delivery_period,
    first_trade_date date NOT NULL,
    last_trade_date date NOT NULL,
    settlement_date date,
    first_notice_date date,
    option_type text CHECK (option_type IN ('call', 'put')),
    strike market.price,
    exercise_style text CHECK (exercise_style IN ('european', 'american', 'asian')),
    underlying_id bigint REFERENCES market.instrument,
    contract_volume market.quantity CHECK (contract_volume > 0),
    FOREIGN KEY (instrument_id, instrument_kind) REFERENCES market.instrument (instrument_id, kind),
    CONSTRAINT contract_trading_span CHECK (first_trade_date <= last_trade_date),
    CONSTRAINT contract_settles_after_trading CHECK (settlement_date >= last_trade_date),
    CONSTRAINT contract_option_complete CHECK (num_nulls(option_type, strike, exercise_style, underlying_id) IN (0, 4))
);
COMMENT ON TABLE market.contract IS 'One listed maturity of a product, options included.';
COMMENT ON COLUMN market.contract.instrument_id IS 'Its instrument, of kind contract.';
COMMENT ON COLUMN market.contract.instrument_kind IS 'Fixed; makes the foreign key check the kind.';
COMMENT ON COLUMN market.contract.product_id IS 'Specification.';
COMMENT ON COLUMN market.contract.period_code IS 'What is delivered, when.';
COMMENT ON COLUMN market.contract.first_trade_date IS 'First day of trading.';
COMMENT ON COLUMN market.contract.last_trade_date IS 'Last day of trading; for EUA futures the last Monday of the month, moved by holidays.';
COMMENT ON COLUMN market.contract.settlement_date IS 'Day of final settlement.';
COMMENT ON COLUMN market.contract.first_notice_date IS 'First day on which delivery can be called.';
COMMENT ON COLUMN market.contract.option_type IS 'Set for options only.';
COMMENT ON COLUMN market.contract.strike IS 'Strike of an option, in the product''s currency and unit.';
COMMENT ON COLUMN market.contract.exercise_style IS 'Set for options only.';
COMMENT ON COLUMN market.contract.underlying_id IS 'Contract that an option delivers.';
COMMENT ON COLUMN market.contract.contract_volume IS 'Total volume of one lot over the period, in the price unit.';
CREATE UNIQUE INDEX contract_outright_idx ON market.contract (product_id, period_code) WHERE option_type IS NULL;
CREATE UNIQUE INDEX contract_option_idx ON market.contract (product_id, period_code, option_type, strike) WHERE option_type IS NOT NULL;
CREATE INDEX contract_expiry_idx ON market.contract (last_trade_date);
CREATE INDEX contract_period_idx ON market.contract (period_code);
CREATE INDEX contract_underlying_idx ON market.contract (underlying_id) WHERE underlying_id IS NOT NULL;

--
-- 5. Prices, curves and fundamentals
--

CREATE TABLE market.price_curve (
    curve_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    curve_code market.code NOT NULL UNIQUE,
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('forward', 'discount', 'volatility', 'basis', 'convenience_yield')),
    commodity_code market.code REFERENCES market.commodity,
    currency_code char(3) NOT NULL REFERENCES market.currency,
    unit_code text NOT NULL REFERENCES market.unit_of_measure,
    zone_code market.code REFERENCES market.power_zone,
    hub_code market.code REFERENCES market.gas_hub,
    profile_code market.code REFERENCES market.load_profile,
    calendar_code market.code NOT NULL REFERENCES market.trading_calendar,
    granularity text NOT NULL CHECK (granularity IN ('hour', 'day', 'month', 'quarter', 'year')),
    interpolation text NOT NULL CHECK (interpolation IN ('flat', 'linear', 'log_linear', 'cubic_spline', 'max_smooth')),
    arbitrage_free boolean NOT NULL DEFAULT true,
    owner_email text NOT NULL CHECK (owner_email LIKE '%_@_%'),
    is_active boolean NOT NULL DEFAULT true,
    CONSTRAINT price_curve_one_place CHECK (num_nonnulls(zone_code, hub_code) <= 1),
    CONSTRAINT price_curve_commodity CHECK (kind = 'discount' OR commodity_code IS NOT NULL)
);
COMMENT ON TABLE market.price_curve IS 'A forward curve: its meaning and how it is built. Values are in its versions.';
COMMENT ON COLUMN market.price_curve.curve_code IS 'TTF-FWD, DE-BASE-FWD, EUA-FWD, EUR-OIS.';
COMMENT ON COLUMN market.price_curve.kind IS 'What a point means.';
COMMENT ON COLUMN market.price_curve.commodity_code IS 'Commodity; null for discount curves.';
COMMENT ON COLUMN market.price_curve.currency_code IS 'Currency of the values.';
COMMENT ON COLUMN market.price_curve.unit_code IS 'Unit of the values; ratio for rates and volatilities.';
COMMENT ON COLUMN market.price_curve.zone_code IS 'Place, for power.';
COMMENT ON COLUMN market.price_curve.hub_code IS 'Place, for gas.';
COMMENT ON COLUMN market.price_curve.profile_code IS 'Delivery shape.';
COMMENT ON COLUMN market.price_curve.calendar_code IS 'Days on which a version is due.';
COMMENT ON COLUMN market.price_curve.granularity IS 'Spacing of the points.';
COMMENT ON COLUMN market.price_curve.interpolation IS 'Between observed points.';
COMMENT ON COLUMN market.price_curve.arbitrage_free IS 'Averages of points must return the quoted quarters and years.';
COMMENT ON COLUMN market.price_curve.owner_email IS 'Who answers for the marks.';
COMMENT ON COLUMN market.price_curve.is_active IS 'A version is due on each business day.';
CREATE INDEX price_curve_commodity_idx ON market.price_curve (commodity_code, kind) WHERE is_active;

CREATE TABLE market.curve_input (
    curve_id bigint NOT NULL REFERENCES market.price_curve ON DELETE CASCADE,
    instrument_id bigint NOT NULL REFERENCES market.instrument,
    priority smallint NOT NULL CHECK (priority > 0),
    weight numeric(9, 6) NOT NULL DEFAULT 1 CHECK (weight > 0),
    shift market.price NOT NULL DEFAULT 0,
    max_staleness interval NOT NULL DEFAULT interval '1 day' CHECK (max_staleness >= interval '0'),
    valid_from date NOT NULL,
    valid_to date NOT NULL DEFAULT 'infinity',
    PRIMARY KEY (curve_id, instrument_id, valid_from),
    CONSTRAINT curve_input_span CHECK (valid_from <= valid_to)
);
COMMENT ON TABLE market.curve_input IS 'Instruments from which a curve is built, with their weight and order.';
COMMENT ON COLUMN market.curve_input.curve_id IS 'Curve.';
COMMENT ON COLUMN market.curve_input.instrument_id IS 'Quoted instrument.';
COMMENT ON COLUMN market.curve_input.priority IS 'Where two inputs cover a period, the lower number wins.';
COMMENT ON COLUMN market.curve_input.weight IS 'Weight in the least-squares fit.';
COMMENT ON COLUMN market.curve_input.shift IS 'Added to the quote, e.g. a basis that the desk agreed.';
COMMENT ON COLUMN market.curve_input.max_staleness IS 'Older quotes are left out.';
COMMENT ON COLUMN market.curve_input.valid_from IS 'First curve date on which it is used.';
COMMENT ON COLUMN market.curve_input.valid_to IS 'Last curve date, inclusive.';
CREATE INDEX curve_input_instrument_idx ON market.curve_input (instrument_id);

CREATE TABLE market.curve_version (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    curve_id bigint NOT NULL REFERENCES market.price_curve,
    curve_date date NOT NULL,
    revision smallint NOT NULL DEFAULT 1 CHECK (revision > 0),
    snapshot text NOT NULL DEFAULT 'close' CHECK (snapshot IN ('open', 'noon', 'close', 'live')),
    status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'validated', 'published', 'withdrawn')),
    method text NOT NULL,
    parameters jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(parameters) = 'object'),
    fit_error market.price CHECK (fit_error >= 0),
    built_at timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz,
    approved_by text,
    run_id bigint REFERENCES market.ingestion_run,
    UNIQUE (curve_id, curve_date, snapshot, revision),
    CONSTRAINT curve_version_published CHECK (status NOT IN ('published', 'withdrawn') OR (published_at IS NOT NULL AND approved_by IS NOT NULL))
);
COMMENT ON TABLE market.curve_version IS 'One build of a curve for one date. Published versions never change.';
COMMENT ON COLUMN market.curve_version.curve_id IS 'Curve.';
COMMENT ON COLUMN market.curve_version.curve_date IS 'Market date that the marks are for.';
COMMENT ON COLUMN market.curve_version.revision IS 'Counts builds of one date.';
COMMENT ON COLUMN market.curve_version.snapshot IS 'Time of day of the marks.';
COMMENT ON COLUMN market.curve_version.status IS 'Only published versions are used in valuation.';
COMMENT ON COLUMN market.curve_version.method IS 'Name and version of the builder.';
COMMENT ON COLUMN market.curve_version.parameters IS 'Settings of the builder, for repetition.';
COMMENT ON COLUMN market.curve_version.fit_error IS 'Root mean square distance to the inputs.';
COMMENT ON COLUMN market.curve_version.built_at IS 'When it was computed.';
COMMENT ON COLUMN market.curve_version.published_at IS 'When valuation could first use it.';
COMMENT ON COLUMN market.curve_version.approved_by IS 'Person of risk control.';
COMMENT ON COLUMN market.curve_version.run_id IS 'Run that brought the inputs; null for a manual mark.';
CREATE UNIQUE INDEX curve_version_current_idx ON market.curve_version (curve_id, curve_date, snapshot) WHERE status = 'published';
CREATE INDEX curve_version_date_idx ON market.curve_version (curve_date DESC);
CREATE INDEX curve_version_pending_idx ON market.curve_version (built_at) WHERE status IN ('draft', 'validated');
CREATE INDEX curve_version_run_idx ON market.curve_version (run_id);
CREATE INDEX curve_version_parameters_idx ON market.curve_version USING gin (parameters jsonb_path_ops);

CREATE TABLE market.curve_point (
    version_id bigint NOT NULL REFERENCES market.curve_version ON DELETE CASCADE,
    delivery_start timestamptz NOT NULL,
    delivery_end timestamptz NOT NULL,
    mid market.price NOT NULL,
    bid market.price,
    ask market.price,
    point_type text NOT NULL CHECK (point_type IN ('quoted', 'bootstrapped', 'interpolated', 'extrapolated', 'manual')),
    confidence numeric(4, 3) CHECK (confidence BETWEEN 0 AND 1),
    PRIMARY KEY (version_id, delivery_start),
    CONSTRAINT curve_point_span CHECK (delivery_start < delivery_end),
    CONSTRAINT curve_point_market CHECK (bid <= ask)
);
COMMENT ON TABLE market.curve_point IS 'Values of a curve version, one a delivery span.';
COMMENT ON COLUMN market.curve_point.version_id IS 'Version.';
COMMENT ON COLUMN market.curve_point.delivery_start IS 'First instant of the span.';
COMMENT ON COLUMN market.curve_point.delivery_end IS 'First instant after the span.';
COMMENT ON COLUMN market.curve_point.mid IS 'Mark in the curve''s currency and unit.';
COMMENT ON COLUMN market.curve_point.bid IS 'Best bid at the snapshot, if one was seen.';
COMMENT ON COLUMN market.curve_point.ask IS 'Best offer at the snapshot, if one was seen.';
COMMENT ON COLUMN market.curve_point.point_type IS 'How the mark came about.';
COMMENT ON COLUMN market.curve_point.confidence IS '1 for a traded price; used for reserves.';
CREATE INDEX curve_point_manual_idx ON market.curve_point (version_id) WHERE point_type = 'manual';
CREATE INDEX curve_point_delivery_brin ON market.curve_point USING brin (delivery_start);

CREATE TABLE market.price_index (
    instrument_id bigint PRIMARY KEY,
    instrument_kind text NOT NULL DEFAULT 'index' CHECK (instrument_kind = 'index'),
    source_code market.code NOT NULL REFERENCES market.data_source,
    methodology_url text,
    frequency text NOT NULL CHECK (frequency IN ('quarter_hour', 'half_hour', 'hour', 'day', 'week', 'month')),
    calendar_code market.code NOT NULL REFERENCES market.trading_calendar,
    publication_time time,
    zone_code market.code REFERENCES market.power_zone,
    hub_code market.code REFERENCES market.gas_hub,
    is_bmr_benchmark boolean NOT NULL DEFAULT false,
    fallback_id bigint REFERENCES market.instrument,
    FOREIGN KEY (instrument_id, instrument_kind) REFERENCES market.instrument (instrument_id, kind),
    CONSTRAINT price_index_fallback_is_other CHECK (fallback_id <> instrument_id)
);
COMMENT ON TABLE market.price_index IS 'Published benchmarks: day-ahead indices, agency assessments, credit price indices.';
COMMENT ON COLUMN market.price_index.instrument_id IS 'Its instrument, of kind index.';
COMMENT ON COLUMN market.price_index.instrument_kind IS 'Fixed; makes the foreign key check the kind.';
COMMENT ON COLUMN market.price_index.source_code IS 'Administrator in the sense of the benchmark regulation.';
COMMENT ON COLUMN market.price_index.methodology_url IS 'Published method.';
COMMENT ON COLUMN market.price_index.frequency IS 'How often a value appears.';
COMMENT ON COLUMN market.price_index.calendar_code IS 'Days on which one is due.';
COMMENT ON COLUMN market.price_index.publication_time IS 'Local time of publication.';
COMMENT ON COLUMN market.price_index.zone_code IS 'Place, for power.';
COMMENT ON COLUMN market.price_index.hub_code IS 'Place, for gas.';
COMMENT ON COLUMN market.price_index.is_bmr_benchmark IS 'Administrator is in ESMA''s register.';
COMMENT ON COLUMN market.price_index.fallback_id IS 'Index to use when none is published.';
CREATE INDEX price_index_source_idx ON market.price_index (source_code);

CREATE TABLE market.fixing (
    instrument_id bigint NOT NULL REFERENCES market.price_index,
    fixing_date date NOT NULL,
    period_index smallint NOT NULL DEFAULT 0 CHECK (period_index BETWEEN 0 AND 100),
    known_at timestamptz NOT NULL,
    value market.price NOT NULL,
    volume market.quantity CHECK (volume >= 0),
    status text NOT NULL DEFAULT 'final' CHECK (status IN ('preliminary', 'final', 'corrected')),
    run_id bigint NOT NULL REFERENCES market.ingestion_run,
    PRIMARY KEY (instrument_id, fixing_date, period_index, known_at)
);
COMMENT ON TABLE market.fixing IS 'Values of an index. A correction is a further row with a later known_at.';
COMMENT ON COLUMN market.fixing.instrument_id IS 'Index.';
COMMENT ON COLUMN market.fixing.fixing_date IS 'Date of the value.';
COMMENT ON COLUMN market.fixing.period_index IS 'Interval of the day, counted from 1; 0 for a daily value.';
COMMENT ON COLUMN market.fixing.known_at IS 'When the value was published to us.';
COMMENT ON COLUMN market.fixing.value IS 'In the instrument''s currency and unit.';
COMMENT ON COLUMN market.fixing.volume IS 'Traded volume behind the value.';
COMMENT ON COLUMN market.fixing.status IS 'Stage of publication.';
CREATE INDEX fixing_date_idx ON market.fixing (fixing_date DESC, instrument_id);
CREATE INDEX fixing_corrected_idx ON market.fixing (known_at) WHERE status = 'corrected';
CREATE INDEX fixing_run_idx ON market.fixing (run_id);

CREATE TABLE market.settlement_price (
    instrument_id bigint NOT NULL REFERENCES market.contract,
    trade_date date NOT NULL,
    known_at timestamptz NOT NULL,
    settle market.price NOT NULL,
    open_price market.price,
    high_price market.price,
    low_price market.price,
    last_price market.price,
    volume_lots bigint CHECK (volume_lots >= 0),
    open_interest_lots bigint CHECK (open_interest_lots >= 0),
    implied_volatility numeric(9, 6) CHECK (implied_volatility >= 0),
    is_final boolean NOT NULL DEFAULT true,
    run_id bigint NOT NULL REFERENCES market.ingestion_run,
    PRIMARY KEY (instrument_id, trade_date, known_at),
    CONSTRAINT settlement_price_range CHECK (low_price <= high_price),
    CONSTRAINT settlement_price_last_in_range CHECK (last_price BETWEEN low_price AND high_price)
);
COMMENT ON TABLE market.settlement_price IS 'Official end-of-day prices, volumes and open interest of listed contracts.';
COMMENT ON COLUMN market.settlement_price.instrument_id IS 'Contract.';
COMMENT ON COLUMN market.settlement_price.trade_date IS 'Exchange day.';
COMMENT ON COLUMN market.settlement_price.known_at IS 'When we received it.';
COMMENT ON COLUMN market.settlement_price.settle IS 'Official settlement price.';
COMMENT ON COLUMN market.settlement_price.open_price IS 'First trade.';
COMMENT ON COLUMN market.settlement_price.high_price IS 'Highest trade.';
COMMENT ON COLUMN market.settlement_price.low_price IS 'Lowest trade.';
COMMENT ON COLUMN market.settlement_price.last_price IS 'Last trade.';
COMMENT ON COLUMN market.settlement_price.volume_lots IS 'Traded lots, screen and block.';
COMMENT ON COLUMN market.settlement_price.open_interest_lots IS 'Open lots at the end of the day.';
COMMENT ON COLUMN market.settlement_price.implied_volatility IS 'For options, as published.';
COMMENT ON COLUMN market.settlement_price.is_final IS 'False for early indications.';
CREATE INDEX settlement_price_date_idx ON market.settlement_price (trade_date DESC) INCLUDE (settle);
CREATE INDEX settlement_price_run_idx ON market.settlement_price (run_id);
CREATE INDEX settlement_price_indicative_idx ON market.settlement_price (trade_date) WHERE NOT is_final;

CREATE TABLE market.fx_rate (
    base_code char(3) NOT NULL REFERENCES market.currency,
    quote_code char(3) NOT NULL REFERENCES market.currency,
    rate_date date NOT NULL,
    source_code market.code NOT NULL REFERENCES market.data_source,
    tenor text NOT NULL DEFAULT 'SPOT' CHECK (tenor ~ '^(SPOT|[0-9]{1,2}[WMY])$'),
    rate numeric(20, 10) NOT NULL CHECK (rate > 0),
    known_at timestamptz NOT NULL DEFAULT now(),
    run_id bigint REFERENCES market.ingestion_run,
    PRIMARY KEY (base_code, quote_code, rate_date, tenor, source_code),
    CONSTRAINT fx_rate_pair CHECK (base_code <> quote_code)
);
COMMENT ON TABLE market.fx_rate IS 'Exchange rates used to bring prices and exposures into one currency.';
COMMENT ON COLUMN market.fx_rate.base_code IS 'One unit of this ...';
COMMENT ON COLUMN market.fx_rate.quote_code IS '... costs this many units of that.';
COMMENT ON COLUMN market.fx_rate.rate_date IS 'Date of the rate.';
COMMENT ON COLUMN market.fx_rate.source_code IS 'Publisher, e.g. ECB.';
COMMENT ON COLUMN market.fx_rate.tenor IS 'Spot, or forward tenor.';
COMMENT ON COLUMN market.fx_rate.rate IS 'Mid rate.';
COMMENT ON COLUMN market.fx_rate.known_at IS 'When we received it.';
CREATE INDEX fx_rate_date_idx ON market.fx_rate (rate_date DESC) WHERE tenor = 'SPOT';

CREATE TABLE market.day_ahead_price (
    zone_code market.code NOT NULL REFERENCES market.power_zone,
    auction text NOT NULL DEFAULT 'SDAC' CHECK (auction IN ('SDAC', 'GB-DA1', 'GB-DA2', 'IDA1', 'IDA2', 'IDA3', 'DAM', 'RTM')),
    delivery_start timestamptz NOT NULL,
    known_at timestamptz NOT NULL,
    resolution_minutes smallint NOT NULL CHECK (resolution_minutes IN (5, 15, 30, 60)),
    currency_code char(3) NOT NULL REFERENCES market.currency,
    price market.price NOT NULL,
    volume_mwh market.quantity CHECK (volume_mwh >= 0),
    net_position_mwh market.quantity,
    energy_component market.price,
    congestion_component market.price,
    loss_component market.price,
    run_id bigint NOT NULL REFERENCES market.ingestion_run,
    PRIMARY KEY (zone_code, auction, delivery_start, known_at),
    CONSTRAINT day_ahead_price_components CHECK (num_nulls(energy_component, congestion_component, loss_component) IN (0, 3))
);
COMMENT ON TABLE market.day_ahead_price IS 'Clearing prices and volumes of power auctions, one a market time unit.';
COMMENT ON COLUMN market.day_ahead_price.zone_code IS 'Zone.';
COMMENT ON COLUMN market.day_ahead_price.auction IS 'Auction or run of the market.';
COMMENT ON COLUMN market.day_ahead_price.delivery_start IS 'First instant of the unit.';
COMMENT ON COLUMN market.day_ahead_price.known_at IS 'When the result was published to us.';
COMMENT ON COLUMN market.day_ahead_price.resolution_minutes IS 'Length of the unit; changed from 60 to 15 in SDAC.';
COMMENT ON COLUMN market.day_ahead_price.currency_code IS 'Currency of the price.';
COMMENT ON COLUMN market.day_ahead_price.price IS 'Price per MWh; negative in hours of surplus.';
COMMENT ON COLUMN market.day_ahead_price.volume_mwh IS 'Matched volume.';
COMMENT ON COLUMN market.day_ahead_price.net_position_mwh IS 'Export positive.';
COMMENT ON COLUMN market.day_ahead_price.energy_component IS 'Part of a nodal price.';
COMMENT ON COLUMN market.day_ahead_price.congestion_component IS 'Part of a nodal price.';
COMMENT ON COLUMN market.day_ahead_price.loss_component IS 'Part of a nodal price.';
CREATE INDEX day_ahead_price_delivery_brin ON market.day_ahead_price USING brin (delivery_start);
CREATE INDEX day_ahead_price_negative_idx ON market.day_ahead_price (zone_code, delivery_start) WHERE price < 0;
CREATE INDEX day_ahead_price_day_idx ON market.day_ahead_price (zone_code, ((delivery_start AT TIME ZONE 'UTC')::date));
CREATE INDEX day_ahead_price_run_idx ON market.day_ahead_price (run_id);

CREATE TABLE market.gas_storage_level (
    site_id bigint NOT NULL REFERENCES market.gas_storage_site,
    gas_date date NOT NULL,
    known_at timestamptz NOT NULL,
    stock_gwh market.quantity NOT NULL CHECK (stock_gwh >= 0),
    injection_gwh market.quantity NOT NULL DEFAULT 0 CHECK (injection_gwh >= 0),
    withdrawal_gwh market.quantity NOT NULL DEFAULT 0 CHECK (withdrawal_gwh >= 0),
    available_capacity_gwh market.quantity CHECK (available_capacity_gwh >= 0),
    status text NOT NULL CHECK (status IN ('estimated', 'confirmed')),
    run_id bigint NOT NULL REFERENCES market.ingestion_run,
    PRIMARY KEY (site_id, gas_date, known_at)
);
COMMENT ON TABLE market.gas_storage_level IS 'Stock and flows of gas storages at the end of each gas day.';
COMMENT ON COLUMN market.gas_storage_level.site_id IS 'Site.';
COMMENT ON COLUMN market.gas_storage_level.gas_date IS 'Gas day.';
COMMENT ON COLUMN market.gas_storage_level.known_at IS 'When the level was published; operators revise for weeks.';
COMMENT ON COLUMN market.gas_storage_level.stock_gwh IS 'Gas in store.';
COMMENT ON COLUMN market.gas_storage_level.injection_gwh IS 'Injected on the day.';
COMMENT ON COLUMN market.gas_storage_level.withdrawal_gwh IS 'Withdrawn on the day.';
COMMENT ON COLUMN market.gas_storage_level.available_capacity_gwh IS 'Technical capacity less outages.';
COMMENT ON COLUMN market.gas_storage_level.status IS 'As marked by the publisher.';
CREATE INDEX gas_storage_level_date_idx ON market.gas_storage_level (gas_date DESC);
CREATE INDEX gas_storage_level_estimate_idx ON market.gas_storage_level (site_id, gas_date) WHERE status = 'estimated';

CREATE TABLE market.weather_observation (
    station_id bigint NOT NULL REFERENCES market.weather_station,
    valid_at timestamptz NOT NULL,
    issued_at timestamptz NOT NULL,
    model text NOT NULL DEFAULT 'OBS' CHECK (model IN ('OBS', 'ECMWF-HRES', 'ECMWF-ENS', 'GFS', 'ICON', 'CLIMATE')),
    member smallint NOT NULL DEFAULT 0 CHECK (member BETWEEN 0 AND 100),
    temperature_c numeric(5, 2) CHECK (temperature_c BETWEEN -90 AND 60),
    wind_speed_ms numeric(5, 2) CHECK (wind_speed_ms BETWEEN 0 AND 120),
    wind_direction_deg numeric(5, 2) CHECK (wind_direction_deg BETWEEN 0 AND 360),
    irradiance_wm2 numeric(7, 2) CHECK (irradiance_wm2 BETWEEN 0 AND 1500),
    precipitation_mm numeric(7, 2) CHECK (precipitation_mm >= 0),
    snow_depth_cm numeric(7, 2) CHECK (snow_depth_cm >= 0),
    run_id bigint NOT NULL REFERENCES market.ingestion_run,
    PRIMARY KEY (station_id, model, member, valid_at, issued_at),
    CONSTRAINT weather_observation_not_from_future CHECK (model <> 'OBS' OR issued_at >= valid_at),
    CONSTRAINT weather_observation_has_value CHECK (num_nonnulls(temperature_c, wind_speed_ms, irradiance_wm2, precipitation_mm, snow_depth_cm) > 0)
);
COMMENT ON TABLE market.weather_observation IS 'Observed and forecast weather at a station. A forecast is known before it is valid.';
COMMENT ON COLUMN market.weather_observation.station_id IS 'Station or grid cell.';
COMMENT ON COLUMN market.weather_observation.valid_at IS 'Instant that the values are for.';
COMMENT ON COLUMN market.weather_observation.issued_at IS 'Forecast run, or time of the observation.';
COMMENT ON COLUMN market.weather_observation.model IS 'Observation, model or climate normal.';
COMMENT ON COLUMN market.weather_observation.member IS 'Ensemble member; 0 is the control or the only value.';
COMMENT ON COLUMN market.weather_observation.temperature_c IS 'At two metres.';
COMMENT ON COLUMN market.weather_observation.wind_speed_ms IS 'At a hundred metres.';
COMMENT ON COLUMN market.weather_observation.wind_direction_deg IS 'Where the wind comes from.';
COMMENT ON COLUMN market.weather_observation.irradiance_wm2 IS 'Global horizontal irradiance.';
COMMENT ON COLUMN market.weather_observation.precipitation_mm IS 'Sum over the last hour.';
COMMENT ON COLUMN market.weather_observation.snow_depth_cm IS 'Matters for hydro inflow.';
CREATE INDEX weather_observation_valid_brin ON market.weather_observation USING brin (valid_at);
CREATE INDEX weather_observation_observed_idx ON market.weather_observation (station_id, valid_at DESC) WHERE model = 'OBS';
CREATE INDEX weather_observation_run_idx ON market.weather_observation (run_id);

CREATE TABLE market.lng_cargo (
    cargo_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    imo_number integer NOT NULL REFERENCES market.lng_vessel,
    loading_terminal_id bigint NOT NULL REFERENCES market.lng_terminal,
    discharge_terminal_id bigint REFERENCES market.lng_terminal,
    loaded_at timestamptz,
    eta timestamptz,
    discharged_at timestamptz,
    loaded_m3 market.quantity CHECK (loaded_m3 > 0),
    delivered_mmbtu market.quantity CHECK (delivered_mmbtu > 0),
    status text NOT NULL CHECK (status IN ('scheduled', 'loading', 'laden', 'floating_storage', 'discharging', 'delivered', 'diverted', 'cancelled')),
    incoterm text CHECK (incoterm IN ('FOB', 'DES', 'DAP')),
    diverted_from_id bigint REFERENCES market.lng_terminal,
    source_code market.code NOT NULL REFERENCES market.data_source,
    run_id bigint REFERENCES market.ingestion_run,
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (imo_number, loaded_at),
    CONSTRAINT lng_cargo_order CHECK (loaded_at < discharged_at),
    CONSTRAINT lng_cargo_delivered CHECK (status <> 'delivered' OR (discharged_at IS NOT NULL AND discharge_terminal_id IS NOT NULL)),
    CONSTRAINT lng_cargo_diverted CHECK (status <> 'diverted' OR diverted_from_id IS NOT NULL)
);
COMMENT ON TABLE market.lng_cargo IS 'Voyages of LNG from loading to discharge, from tracking and from own contracts.';
COMMENT ON COLUMN market.lng_cargo.imo_number IS 'Ship.';
COMMENT ON COLUMN market.lng_cargo.loading_terminal_id IS 'Where it loaded.';
COMMENT ON COLUMN market.lng_cargo.discharge_terminal_id IS 'Where it discharged or is declared for.';
COMMENT ON COLUMN market.lng_cargo.loaded_at IS 'Completion of loading.';
COMMENT ON COLUMN market.lng_cargo.eta IS 'Present estimate of arrival.';
COMMENT ON COLUMN market.lng_cargo.discharged_at IS 'Completion of discharge.';
COMMENT ON COLUMN market.lng_cargo.loaded_m3 IS 'Volume at loading.';
COMMENT ON COLUMN market.lng_cargo.delivered_mmbtu IS 'Energy discharged, from the certificate of quantity.';
COMMENT ON COLUMN market.lng_cargo.status IS 'Stage of the voyage.';
COMMENT ON COLUMN market.lng_cargo.incoterm IS 'Terms, if known.';
COMMENT ON COLUMN market.lng_cargo.diverted_from_id IS 'Former destination of a diverted cargo.';
COMMENT ON COLUMN market.lng_cargo.source_code IS 'Tracking provider or own contract.';
COMMENT ON COLUMN market.lng_cargo.run_id IS 'Run that last changed it.';
COMMENT ON COLUMN market.lng_cargo.updated_at IS 'Last change.';
CREATE INDEX lng_cargo_at_sea_idx ON market.lng_cargo (eta) WHERE status IN ('laden', 'floating_storage', 'diverted');
CREATE INDEX lng_cargo_discharge_idx ON market.lng_cargo (discharge_terminal_id, discharged_at DESC);
CREATE INDEX lng_cargo_loading_idx ON market.lng_cargo (loading_terminal_id, loaded_at DESC);

--
-- 6. Carbon: compliance allowances and voluntary credits
--

CREATE TABLE market.emission_scheme (
    scheme_code market.code PRIMARY KEY,
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('cap_and_trade', 'baseline_and_credit', 'crediting_programme', 'tax')),
    administrator text NOT NULL,
    country_code char(2) REFERENCES market.country,
    unit_name text NOT NULL,
    unit_code text NOT NULL REFERENCES market.unit_of_measure,
    currency_code char(3) NOT NULL REFERENCES market.currency,
    compliance_deadline text CHECK (compliance_deadline ~ '^(0[1-9]|1[0-2])-[0-3][0-9]$'),
    allows_banking boolean NOT NULL DEFAULT true,
    offset_limit_pct numeric(5, 2) CHECK (offset_limit_pct BETWEEN 0 AND 100),
    price_floor market.price,
    price_ceiling market.price,
    started_on date NOT NULL,
    CONSTRAINT emission_scheme_price_band CHECK (price_floor < price_ceiling)
);
COMMENT ON TABLE market.emission_scheme IS 'Cap-and-trade schemes and crediting programmes.';
COMMENT ON COLUMN market.emission_scheme.scheme_code IS 'EU-ETS, UK-ETS, CA-CT, RGGI, VCS, GS.';
COMMENT ON COLUMN market.emission_scheme.name IS 'Full name.';
COMMENT ON COLUMN market.emission_scheme.kind IS 'Compliance market or voluntary programme.';
COMMENT ON COLUMN market.emission_scheme.administrator IS 'Body that issues units.';
COMMENT ON COLUMN market.emission_scheme.country_code IS 'Jurisdiction; null where it spans several.';
COMMENT ON COLUMN market.emission_scheme.unit_name IS 'What one unit is called: EUA, UKA, CCA, RGA, VCU, VER.';
COMMENT ON COLUMN market.emission_scheme.unit_code IS 'Mass covered by one unit: tCO2e, or short tons for RGGI.';
COMMENT ON COLUMN market.emission_scheme.currency_code IS 'Currency of primary auctions or customary quotes.';
COMMENT ON COLUMN market.emission_scheme.compliance_deadline IS 'Month and day of surrender for the year before.';
COMMENT ON COLUMN market.emission_scheme.allows_banking IS 'Units stay valid in later periods.';
COMMENT ON COLUMN market.emission_scheme.offset_limit_pct IS 'Share of the obligation that credits may cover.';
COMMENT ON COLUMN market.emission_scheme.price_floor IS 'Auction reserve price, where the law sets one.';
COMMENT ON COLUMN market.emission_scheme.price_ceiling IS 'Price of the highest containment tier.';
COMMENT ON COLUMN market.emission_scheme.started_on IS 'First day of the scheme.';

CREATE TABLE market.emission_registry (
    registry_code market.code PRIMARY KEY,
    name text NOT NULL UNIQUE,
    scheme_code market.code NOT NULL REFERENCES market.emission_scheme,
    source_code market.code NOT NULL REFERENCES market.data_source,
    operator text NOT NULL,
    serial_pattern text NOT NULL,
    transfer_delay interval NOT NULL DEFAULT interval '0',
    has_public_retirements boolean NOT NULL DEFAULT true,
    url text CHECK (url ~ '^https://')
);
COMMENT ON TABLE market.emission_registry IS 'Registries in which units exist as account entries.';
COMMENT ON COLUMN market.emission_registry.registry_code IS 'EU-UR, UK-ETR, CITSS, RGGI-COATS, VERRA, GS-IR.';
COMMENT ON COLUMN market.emission_registry.name IS 'Full name.';
COMMENT ON COLUMN market.emission_registry.scheme_code IS 'Scheme that it serves first; links are in allowance.';
COMMENT ON COLUMN market.emission_registry.source_code IS 'Feed of its public reports.';
COMMENT ON COLUMN market.emission_registry.operator IS 'Who runs it.';
COMMENT ON COLUMN market.emission_registry.serial_pattern IS 'Regular expression of its serial numbers, checked on loading.';
COMMENT ON COLUMN market.emission_registry.transfer_delay IS 'Time between order and execution of a transfer.';
COMMENT ON COLUMN market.emission_registry.has_public_retirements IS 'Retirements show the beneficiary.';
COMMENT ON COLUMN market.emission_registry.url IS 'Public search page.';
CREATE INDEX emission_registry_scheme_idx ON market.emission_registry (scheme_code);
CREATE INDEX emission_registry_source_idx ON market.emission_registry (source_code);

CREATE TABLE market.registry_account (
    account_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    registry_code market.code NOT NULL REFERENCES market.emission_registry,
    account_number text NOT NULL CHECK (account_number ~ '^[A-Z0-9-]{3,40}$'),
    holder_name text NOT NULL,
    account_type text NOT NULL CHECK (account_type IN ('operator', 'trading', 'person', 'project', 'buffer', 'government', 'retirement')),
    counterparty_id bigint,
    is_own boolean NOT NULL DEFAULT false,
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'blocked', 'closed')),
    opened_on date NOT NULL,
    closed_on date,
    UNIQUE (registry_code, account_number),
    CONSTRAINT registry_account_closed CHECK ((status = 'closed') = (closed_on IS NOT NULL)),
    CONSTRAINT registry_account_life CHECK (opened_on <= closed_on)
);
COMMENT ON TABLE market.registry_account IS 'Accounts in a registry: our own and those of counterparties and project owners.';
COMMENT ON COLUMN market.registry_account.registry_code IS 'Registry.';
COMMENT ON COLUMN market.registry_account.account_number IS 'Number in the registry''s spelling.';
COMMENT ON COLUMN market.registry_account.holder_name IS 'Account holder as shown by the registry.';
COMMENT ON COLUMN market.registry_account.account_type IS 'Class of account.';
COMMENT ON COLUMN market.registry_account.counterparty_id IS 'Counterparty that controls it, where known.';
COMMENT ON COLUMN market.registry_account.is_own IS 'Belongs to this company; reconciled daily.';
COMMENT ON COLUMN market.registry_account.status IS 'State in the registry.';
COMMENT ON COLUMN market.registry_account.opened_on IS 'Day of opening.';
COMMENT ON COLUMN market.registry_account.closed_on IS 'Day of closing.';
CREATE INDEX registry_account_own_idx ON market.registry_account (registry_code) WHERE is_own AND status = 'open';
CREATE INDEX registry_account_counterparty_idx ON market.registry_account (counterparty_id) WHERE counterparty_id IS NOT NULL;
CREATE INDEX registry_account_holder_idx ON market.registry_account (lower(holder_name) text_pattern_ops);

CREATE TABLE market.allowance (
    instrument_id bigint PRIMARY KEY,
    instrument_kind text NOT NULL DEFAULT 'allowance' CHECK (instrument_kind = 'allowance'),
    scheme_code market.code NOT NULL REFERENCES market.emission_scheme,
    class text NOT NULL CHECK (class IN ('EUA', 'EUAA', 'UKA', 'CCA', 'RGA', 'NZU', 'KAU', 'WCA')),
    vintage_year smallint CHECK (vintage_year BETWEEN 2005 AND 2060),
    phase text,
    valid_from date NOT NULL,
    valid_to date,
    cap_tonnes market.quantity CHECK (cap_tonnes > 0),
    free_allocation_pct numeric(5, 2) CHECK (free_allocation_pct BETWEEN 0 AND 100),
    UNIQUE NULLS NOT DISTINCT (class, vintage_year, phase),
    FOREIGN KEY (instrument_id, instrument_kind) REFERENCES market.instrument (instrument_id, kind),
    CONSTRAINT allowance_validity CHECK (valid_from <= valid_to),
    CONSTRAINT allowance_vintaged CHECK (class NOT IN ('CCA', 'RGA', 'WCA') OR vintage_year IS NOT NULL)
);
COMMENT ON TABLE market.allowance IS 'Classes of compliance allowance that trade as one thing: EUA, aviation, UKA, CCA by vintage, RGGI.';
COMMENT ON COLUMN market.allowance.instrument_id IS 'Its instrument, of kind allowance.';
COMMENT ON COLUMN market.allowance.instrument_kind IS 'Fixed; makes the foreign key check the kind.';
COMMENT ON COLUMN market.allowance.scheme_code IS 'Scheme that issues it.';
COMMENT ON COLUMN market.allowance.class IS 'Class of unit.';
COMMENT ON COLUMN market.allowance.vintage_year IS 'Year of issue where it decides validity (CCA, RGA); null for EUA and UKA.';
COMMENT ON COLUMN market.allowance.phase IS 'Trading period, such as Phase 4.';
COMMENT ON COLUMN market.allowance.valid_from IS 'First surrender date.';
COMMENT ON COLUMN market.allowance.valid_to IS 'Last surrender date; null while banking is unlimited.';
COMMENT ON COLUMN market.allowance.cap_tonnes IS 'Cap of the year or phase.';
COMMENT ON COLUMN market.allowance.free_allocation_pct IS 'Share of the cap given out free of charge.';
CREATE INDEX allowance_scheme_idx ON market.allowance (scheme_code, vintage_year);

CREATE TABLE market.allowance_auction (
    auction_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    instrument_id bigint NOT NULL REFERENCES market.allowance,
    mic char(4) REFERENCES market.exchange,
    auction_code text NOT NULL,
    held_at timestamptz NOT NULL,
    offered market.quantity NOT NULL CHECK (offered > 0),
    sold market.quantity CHECK (sold >= 0),
    clearing_price market.price CHECK (clearing_price >= 0),
    reserve_price market.price CHECK (reserve_price >= 0),
    bidders integer CHECK (bidders >= 0),
    cover_ratio numeric(8, 4) CHECK (cover_ratio >= 0),
    status text NOT NULL CHECK (status IN ('scheduled', 'cleared', 'failed', 'cancelled')),
    run_id bigint REFERENCES market.ingestion_run,
    UNIQUE (instrument_id, auction_code),
    CONSTRAINT allowance_auction_cleared CHECK ((status = 'cleared') = (clearing_price IS NOT NULL AND sold IS NOT NULL)),
    CONSTRAINT allowance_auction_reserve CHECK (clearing_price >= reserve_price),
    CONSTRAINT allowance_auction_not_oversold CHECK (sold <= offered)
);
COMMENT ON TABLE market.allowance_auction IS 'Primary auctions of allowances and their results.';
COMMENT ON COLUMN market.allowance_auction.instrument_id IS 'Class that is sold.';
COMMENT ON COLUMN market.allowance_auction.mic IS 'Auction platform, if it is an exchange.';
COMMENT ON COLUMN market.allowance_auction.auction_code IS 'Name given by the platform.';
COMMENT ON COLUMN market.allowance_auction.held_at IS 'Close of the bidding window.';
COMMENT ON COLUMN market.allowance_auction.offered IS 'Units offered.';
COMMENT ON COLUMN market.allowance_auction.sold IS 'Units sold; null before the auction.';
COMMENT ON COLUMN market.allowance_auction.clearing_price IS 'Uniform price.';
COMMENT ON COLUMN market.allowance_auction.reserve_price IS 'Price under which nothing is sold.';
COMMENT ON COLUMN market.allowance_auction.bidders IS 'Participants.';
COMMENT ON COLUMN market.allowance_auction.cover_ratio IS 'Bid volume over offered volume.';
COMMENT ON COLUMN market.allowance_auction.status IS 'Outcome.';
CREATE INDEX allowance_auction_calendar_idx ON market.allowance_auction (held_at) WHERE status = 'scheduled';
CREATE INDEX allowance_auction_mic_idx ON market.allowance_auction (mic);

CREATE TABLE market.carbon_methodology (
    scheme_code market.code NOT NULL REFERENCES market.emission_scheme,
    methodology_code market.code NOT NULL,
    version text NOT NULL CHECK (version ~ '^[0-9]+(\.[0-9]+){0,2}$'),
    title text NOT NULL,
    project_type text NOT NULL CHECK (project_type IN ('avoided_deforestation', 'afforestation', 'soil', 'cookstove', 'renewable', 'methane', 'industrial_gas', 'direct_air_capture', 'biochar', 'blue_carbon')),
    mechanism text NOT NULL CHECK (mechanism IN ('avoidance', 'reduction', 'removal')),
    is_ccp_approved boolean NOT NULL DEFAULT false,
    corsia_phase text CHECK (corsia_phase IN ('pilot', 'phase_1', 'phase_2')),
    valid_from date NOT NULL,
    valid_to date,
    PRIMARY KEY (scheme_code, methodology_code, version),
    CONSTRAINT carbon_methodology_validity CHECK (valid_from <= valid_to)
);
COMMENT ON TABLE market.carbon_methodology IS 'Methods by which a programme counts reductions and removals.';
COMMENT ON COLUMN market.carbon_methodology.scheme_code IS 'Programme.';
COMMENT ON COLUMN market.carbon_methodology.methodology_code IS 'VM0048, VM0042, AMS-II.G, GS-TPDDTEC.';
COMMENT ON COLUMN market.carbon_methodology.version IS 'Version as published.';
COMMENT ON COLUMN market.carbon_methodology.title IS 'Title.';
COMMENT ON COLUMN market.carbon_methodology.project_type IS 'What it is about.';
COMMENT ON COLUMN market.carbon_methodology.mechanism IS 'Kind of claim.';
COMMENT ON COLUMN market.carbon_methodology.is_ccp_approved IS 'Carries the Core Carbon Principles label.';
COMMENT ON COLUMN market.carbon_methodology.corsia_phase IS 'First phase for which units are admitted.';
COMMENT ON COLUMN market.carbon_methodology.valid_from IS 'First day on which projects may register under it.';
COMMENT ON COLUMN market.carbon_methodology.valid_to IS 'Last day of registration.';
CREATE INDEX carbon_methodology_type_idx ON market.carbon_methodology (project_type, mechanism) WHERE valid_to IS NULL;

CREATE TABLE market.carbon_project (
    project_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    registry_code market.code NOT NULL REFERENCES market.emission_registry,
    registry_project_id text NOT NULL CHECK (registry_project_id ~ '^[A-Z]*[0-9]+$'),
    scheme_code market.code NOT NULL,
    methodology_code market.code NOT NULL,
    methodology_version text NOT NULL,
    name text NOT NULL,
    proponent text NOT NULL,
    country_code char(2) NOT NULL REFERENCES market.country,
    status text NOT NULL CHECK (status IN ('under_development', 'validation', 'registered', 'on_hold', 'withdrawn', 'completed')),
    crediting_from date,
    crediting_to date,
    estimated_annual market.quantity CHECK (estimated_annual >= 0),
    buffer_pct numeric(5, 2) CHECK (buffer_pct BETWEEN 0 AND 100),
    reversal_risk text CHECK (reversal_risk IN ('none', 'low', 'medium', 'high')),
    labels text[] NOT NULL DEFAULT '{}',
    sdg_goals smallint[] NOT NULL DEFAULT '{}',
    latitude market.latitude,
    longitude market.longitude,
    run_id bigint REFERENCES market.ingestion_run,
    UNIQUE (registry_code, registry_project_id),
    FOREIGN KEY (scheme_code, methodology_code, methodology_version) REFERENCES market.carbon_methodology (scheme_code, methodology_code, version),
    CONSTRAINT carbon_project_crediting CHECK (crediting_from < crediting_to),
    CONSTRAINT carbon_project_registered CHECK (status <> 'registered' OR crediting_from IS NOT NULL),
    CONSTRAINT carbon_project_sdg CHECK (sdg_goals <@ '{1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17}'::smallint[]),
    CONSTRAINT carbon_project_position CHECK ((latitude IS NULL) = (longitude IS NULL))
);
COMMENT ON TABLE market.carbon_project IS 'Projects that earn credits under VCS, Gold Standard and similar programmes.';
COMMENT ON COLUMN market.carbon_project.registry_code IS 'Registry that lists it.';
COMMENT ON COLUMN market.carbon_project.registry_project_id IS 'VCS934, GS1247.';
COMMENT ON COLUMN market.carbon_project.scheme_code IS 'Programme of the methodology.';
COMMENT ON COLUMN market.carbon_project.methodology_code IS 'Methodology.';
COMMENT ON COLUMN market.carbon_project.methodology_version IS 'Version under which it is registered.';
COMMENT ON COLUMN market.carbon_project.name IS 'Name in the registry.';
COMMENT ON COLUMN market.carbon_project.proponent IS 'Who owns the reductions.';
COMMENT ON COLUMN market.carbon_project.country_code IS 'Host country.';
COMMENT ON COLUMN market.carbon_project.status IS 'State in the registry.';
COMMENT ON COLUMN market.carbon_project.crediting_from IS 'Start of the crediting period.';
COMMENT ON COLUMN market.carbon_project.crediting_to IS 'End of the crediting period.';
COMMENT ON COLUMN market.carbon_project.estimated_annual IS 'Reductions a year claimed in the project document, in tCO2e.';
COMMENT ON COLUMN market.carbon_project.buffer_pct IS 'Share of issuances put into the non-permanence buffer.';
COMMENT ON COLUMN market.carbon_project.reversal_risk IS 'Own assessment.';
COMMENT ON COLUMN market.carbon_project.labels IS 'CCB, SD-VISTA, CORSIA, CCP and further labels.';
COMMENT ON COLUMN market.carbon_project.sdg_goals IS 'Sustainable development goals with a verified contribution.';
COMMENT ON COLUMN market.carbon_project.latitude IS 'Centre of the site.';
COMMENT ON COLUMN market.carbon_project.longitude IS 'Centre of the site.';
COMMENT ON COLUMN market.carbon_project.run_id IS 'Run that last changed it.';
CREATE INDEX carbon_project_methodology_idx ON market.carbon_project (scheme_code, methodology_code, methodology_version);
CREATE INDEX carbon_project_country_idx ON market.carbon_project (country_code) WHERE status = 'registered';
CREATE INDEX carbon_project_labels_idx ON market.carbon_project USING gin (labels);
CREATE INDEX carbon_project_search_idx ON market.carbon_project USING gin (to_tsvector('simple', name || ' ' || proponent));

CREATE TABLE market.credit_vintage (
    instrument_id bigint PRIMARY KEY,
    instrument_kind text NOT NULL DEFAULT 'credit' CHECK (instrument_kind = 'credit'),
    project_id bigint NOT NULL REFERENCES market.carbon_project,
    vintage_year smallint NOT NULL CHECK (vintage_year BETWEEN 1996 AND 2100),
    monitoring_from date NOT NULL,
    monitoring_to date NOT NULL,
    verifier text,
    verified_on date,
    verified_tonnes market.quantity CHECK (verified_tonnes >= 0),
    has_corresponding_adjustment boolean NOT NULL DEFAULT false,
    is_corsia_eligible boolean NOT NULL DEFAULT false,
    quality_rating text CHECK (quality_rating IN ('AAA', 'AA', 'A', 'BBB', 'BB', 'B', 'C', 'D')),
    UNIQUE (project_id, vintage_year, monitoring_from),
    FOREIGN KEY (instrument_id, instrument_kind) REFERENCES market.instrument (instrument_id, kind),
    CONSTRAINT credit_vintage_span CHECK (monitoring_from <= monitoring_to),
    CONSTRAINT credit_vintage_year CHECK (vintage_year BETWEEN extract(year FROM monitoring_from) AND extract(year FROM monitoring_to)),
    CONSTRAINT credit_vintage_verified CHECK (num_nulls(verifier, verified_on, verified_tonnes) IN (0, 3))
);
COMMENT ON TABLE market.credit_vintage IS 'Reductions of a project in one monitoring year: the unit in which credits trade.';
COMMENT ON COLUMN market.credit_vintage.instrument_id IS 'Its instrument, of kind credit.';
COMMENT ON COLUMN market.credit_vintage.instrument_kind IS 'Fixed; makes the foreign key check the kind.';
COMMENT ON COLUMN market.credit_vintage.project_id IS 'Project.';
COMMENT ON COLUMN market.credit_vintage.vintage_year IS 'Year of the reductions.';
COMMENT ON COLUMN market.credit_vintage.monitoring_from IS 'Start of the monitored span.';
COMMENT ON COLUMN market.credit_vintage.monitoring_to IS 'End of the monitored span, inclusive.';
COMMENT ON COLUMN market.credit_vintage.verifier IS 'Validation and verification body.';
COMMENT ON COLUMN market.credit_vintage.verified_on IS 'Date of the verification report.';
COMMENT ON COLUMN market.credit_vintage.verified_tonnes IS 'Reductions found by the verifier.';
COMMENT ON COLUMN market.credit_vintage.has_corresponding_adjustment IS 'Host country has granted an Article 6 adjustment.';
COMMENT ON COLUMN market.credit_vintage.is_corsia_eligible IS 'Admitted for international aviation.';
COMMENT ON COLUMN market.credit_vintage.quality_rating IS 'Rating of an agency, used for the price curve.';
CREATE INDEX credit_vintage_year_idx ON market.credit_vintage (vintage_year);
CREATE INDEX credit_vintage_corsia_idx ON market.credit_vintage (project_id) WHERE is_corsia_eligible;

CREATE TABLE market.credit_issuance (
    issuance_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    instrument_id bigint NOT NULL REFERENCES market.credit_vintage,
    registry_code market.code NOT NULL REFERENCES market.emission_registry,
    serial_prefix text NOT NULL,
    serial_from bigint NOT NULL CHECK (serial_from > 0),
    serial_to bigint NOT NULL,
    units bigint GENERATED ALWAYS AS (serial_to - serial_from + 1) STORED,
    issued_on date NOT NULL,
    account_id bigint REFERENCES market.registry_account,
    is_buffer boolean NOT NULL DEFAULT false,
    run_id bigint NOT NULL REFERENCES market.ingestion_run,
    CONSTRAINT credit_issuance_block CHECK (serial_from <= serial_to),
    -- A double count is the worst error in this market. Blocks that overlap without an equal start are found by the
    -- quality rule SERIAL-OVERLAP: an exclusion constraint on (prefix, range) would need the extension btree_gist.
    CONSTRAINT credit_issuance_no_double_count UNIQUE (registry_code, serial_prefix, serial_from)
);
COMMENT ON TABLE market.credit_issuance IS 'Serial blocks issued by a registry for a vintage.';
COMMENT ON COLUMN market.credit_issuance.instrument_id IS 'Vintage.';
COMMENT ON COLUMN market.credit_issuance.registry_code IS 'Registry.';
COMMENT ON COLUMN market.credit_issuance.serial_prefix IS 'Part of the serial number before the running numbers.';
COMMENT ON COLUMN market.credit_issuance.serial_from IS 'First running number.';
COMMENT ON COLUMN market.credit_issuance.serial_to IS 'Last running number, inclusive.';
COMMENT ON COLUMN market.credit_issuance.units IS 'Credits in the block, one tonne each.';
COMMENT ON COLUMN market.credit_issuance.issued_on IS 'Day of issuance.';
COMMENT ON COLUMN market.credit_issuance.account_id IS 'Account that received them.';
COMMENT ON COLUMN market.credit_issuance.is_buffer IS 'Went into the non-permanence buffer and cannot be sold.';
CREATE INDEX credit_issuance_vintage_idx ON market.credit_issuance (instrument_id, issued_on);
CREATE INDEX credit_issuance_account_idx ON market.credit_issuance (account_id);
CREATE INDEX credit_issuance_sellable_idx ON market.credit_issuance (instrument_id) INCLUDE (serial_from, serial_to) WHERE NOT is_buffer;
CREATE INDEX credit_issuance_serials_idx ON market.credit_issuance USING gist (int8range(serial_from, serial_to, '[]'));

CREATE TABLE market.credit_retirement (
    retirement_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    issuance_id bigint NOT NULL REFERENCES market.credit_issuance,
    serial_from bigint NOT NULL CHECK (serial_from > 0),
    serial_to bigint NOT NULL,
    units bigint GENERATED ALWAYS AS (serial_to - serial_from + 1) STORED,
    retired_at timestamptz NOT NULL,
    account_id bigint REFERENCES market.registry_account,
    beneficiary text,
    purpose text NOT NULL CHECK (purpose IN ('voluntary', 'corsia', 'compliance', 'buffer_cancellation', 'conversion', 'error')),
    claim_year smallint CHECK (claim_year BETWEEN 1996 AND 2100),
    certificate_uri text CHECK (certificate_uri ~ '^(https|s3)://'),
    run_id bigint NOT NULL REFERENCES market.ingestion_run,
    UNIQUE (issuance_id, serial_from),
    CONSTRAINT credit_retirement_block CHECK (serial_from <= serial_to)
);
COMMENT ON TABLE market.credit_retirement IS 'Credits taken out of circulation, with beneficiary and purpose.';
COMMENT ON COLUMN market.credit_retirement.issuance_id IS 'Block that the serials come from.';
COMMENT ON COLUMN market.credit_retirement.serial_from IS 'First retired number.';
COMMENT ON COLUMN market.credit_retirement.serial_to IS 'Last retired number, inclusive.';
COMMENT ON COLUMN market.credit_retirement.units IS 'Retired credits.';
COMMENT ON COLUMN market.credit_retirement.retired_at IS 'Instant of retirement.';
COMMENT ON COLUMN market.credit_retirement.account_id IS 'Account that retired them.';
COMMENT ON COLUMN market.credit_retirement.beneficiary IS 'On whose behalf.';
COMMENT ON COLUMN market.credit_retirement.purpose IS 'Why.';
COMMENT ON COLUMN market.credit_retirement.claim_year IS 'Reporting year of the claim.';
COMMENT ON COLUMN market.credit_retirement.certificate_uri IS 'Retirement certificate.';
CREATE INDEX credit_retirement_time_idx ON market.credit_retirement (retired_at DESC);
CREATE INDEX credit_retirement_beneficiary_idx ON market.credit_retirement (lower(beneficiary)) WHERE beneficiary IS NOT NULL;
CREATE INDEX credit_retirement_account_idx ON market.credit_retirement (account_id);

--
-- 7. Trading and risk
--

CREATE TABLE market.counterparty (
    counterparty_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lei char(20) UNIQUE CHECK (lei ~ '^[A-Z0-9]{18}[0-9]{2}$'),
    acer_code char(12) UNIQUE CHECK (acer_code ~ '^[A-Z0-9.]{9}\.[A-Z]{2}$'),
    legal_name text NOT NULL,
    short_name market.code NOT NULL UNIQUE,
    country_code char(2) NOT NULL REFERENCES market.country,
    parent_id bigint REFERENCES market.counterparty,
    role text NOT NULL CHECK (role IN ('own_entity', 'client', 'supplier', 'broker', 'clearing_member', 'utility', 'bank', 'fund')),
    master_agreement text CHECK (master_agreement IN ('EFET', 'ISDA', 'IETA', 'NAESB', 'GT&C')),
    agreement_signed_on date,
    rating text CHECK (rating ~ '^(AAA|AA[+-]?|A[+-]?|BBB[+-]?|BB[+-]?|B[+-]?|CCC[+-]?|CC|C|D|NR)$'),
    kyc_status text NOT NULL DEFAULT 'pending' CHECK (kyc_status IN ('pending', 'approved', 'expired', 'rejected')),
    kyc_expires_on date,
    is_sanctioned boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT counterparty_parent_is_other CHECK (parent_id <> counterparty_id),
    CONSTRAINT counterparty_kyc_dated CHECK (kyc_status <> 'approved' OR kyc_expires_on IS NOT NULL),
    CONSTRAINT counterparty_agreement_dated CHECK ((master_agreement IS NULL) = (agreement_signed_on IS NULL))
);
COMMENT ON TABLE market.counterparty IS 'Legal entities that we trade with, and our own entities.';
COMMENT ON COLUMN market.counterparty.lei IS 'Legal entity identifier (ISO 17442).';
COMMENT ON COLUMN market.counterparty.acer_code IS 'REMIT registration.';
COMMENT ON COLUMN market.counterparty.legal_name IS 'Name in the commercial register.';
COMMENT ON COLUMN market.counterparty.short_name IS 'Name on the desk.';
COMMENT ON COLUMN market.counterparty.country_code IS 'Seat.';
COMMENT ON COLUMN market.counterparty.parent_id IS 'Group company whose limit is shared.';
COMMENT ON COLUMN market.counterparty.role IS 'Relation to us.';
COMMENT ON COLUMN market.counterparty.master_agreement IS 'Agreement under which trades are made.';
COMMENT ON COLUMN market.counterparty.agreement_signed_on IS 'Date of the agreement.';
COMMENT ON COLUMN market.counterparty.rating IS 'Internal credit rating.';
COMMENT ON COLUMN market.counterparty.kyc_status IS 'State of the know-your-customer review.';
COMMENT ON COLUMN market.counterparty.kyc_expires_on IS 'Date of the next review.';
COMMENT ON COLUMN market.counterparty.is_sanctioned IS 'On a sanctions list; no trade may be entered.';
COMMENT ON COLUMN market.counterparty.created_at IS 'When it was set up.';
CREATE INDEX counterparty_parent_idx ON market.counterparty (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX counterparty_country_idx ON market.counterparty (country_code);
CREATE INDEX counterparty_kyc_due_idx ON market.counterparty (kyc_expires_on) WHERE kyc_status = 'approved';
CREATE UNIQUE INDEX counterparty_legal_name_idx ON market.counterparty (lower(legal_name), country_code);

ALTER TABLE market.registry_account
    ADD CONSTRAINT registry_account_counterparty_fkey FOREIGN KEY (counterparty_id) REFERENCES market.counterparty;

CREATE TABLE market.trading_book (
    book_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    book_code market.code NOT NULL UNIQUE,
    name text NOT NULL,
    parent_id bigint REFERENCES market.trading_book,
    entity_id bigint NOT NULL REFERENCES market.counterparty,
    strategy text NOT NULL CHECK (strategy IN ('proprietary', 'hedge', 'market_making', 'inventory', 'client', 'compliance')),
    accounting text NOT NULL CHECK (accounting IN ('fvtpl', 'own_use', 'hedge_accounting')),
    currency_code char(3) NOT NULL REFERENCES market.currency,
    owner_email text NOT NULL CHECK (owner_email LIKE '%_@_%'),
    is_open boolean NOT NULL DEFAULT true,
    CONSTRAINT trading_book_parent_is_other CHECK (parent_id <> book_id)
);
COMMENT ON TABLE market.trading_book IS 'Books in which trades are held, as a tree; profit and loss is reported by book.';
COMMENT ON COLUMN market.trading_book.book_code IS 'EUA-PROP, TTF-HEDGE, VCM-INVENTORY.';
COMMENT ON COLUMN market.trading_book.name IS 'Name in reports.';
COMMENT ON COLUMN market.trading_book.parent_id IS 'Book that it rolls up into.';
COMMENT ON COLUMN market.trading_book.entity_id IS 'Own legal entity that carries the risk.';
COMMENT ON COLUMN market.trading_book.strategy IS 'Purpose; decides accounting.';
COMMENT ON COLUMN market.trading_book.accounting IS 'Treatment under IFRS 9.';
COMMENT ON COLUMN market.trading_book.currency_code IS 'Reporting currency.';
COMMENT ON COLUMN market.trading_book.owner_email IS 'Head of the book.';
COMMENT ON COLUMN market.trading_book.is_open IS 'Trades may be entered.';
CREATE INDEX trading_book_parent_idx ON market.trading_book (parent_id);
CREATE INDEX trading_book_entity_idx ON market.trading_book (entity_id) WHERE is_open;

CREATE TABLE market.trade (
    trade_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    external_id text,
    uti text UNIQUE CHECK (uti ~ '^[A-Z0-9]{1,52}$'),
    mic char(4) REFERENCES market.exchange,
    book_id bigint NOT NULL REFERENCES market.trading_book,
    instrument_id bigint NOT NULL REFERENCES market.instrument,
    counterparty_id bigint NOT NULL REFERENCES market.counterparty,
    broker_id bigint REFERENCES market.counterparty,
    side text NOT NULL CHECK (side IN ('buy', 'sell')),
    quantity market.quantity NOT NULL CHECK (quantity > 0),
    unit_code text NOT NULL REFERENCES market.unit_of_measure,
    price market.price NOT NULL,
    currency_code char(3) NOT NULL REFERENCES market.currency,
    delivery_from date,
    delivery_to date,
    fee market.price NOT NULL DEFAULT 0,
    executed_at timestamptz NOT NULL,
    entered_at timestamptz NOT NULL DEFAULT now(),
    trader text NOT NULL,
    status text NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'confirmed', 'cleared', 'settled', 'cancelled')),
    is_internal boolean NOT NULL DEFAULT false,
    mirror_trade_id bigint UNIQUE REFERENCES market.trade DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT trade_delivery CHECK (delivery_from <= delivery_to),
    CONSTRAINT trade_internal_mirror CHECK (is_internal OR mirror_trade_id IS NULL),
    CONSTRAINT trade_mirror_is_other CHECK (mirror_trade_id <> trade_id),
    CONSTRAINT trade_not_entered_before_execution CHECK (entered_at >= executed_at - interval '1 hour')
);
COMMENT ON TABLE market.trade IS 'Executed trades, in their present state. Every change is in trade_event.';
COMMENT ON COLUMN market.trade.external_id IS 'Identifier of the venue or broker.';
COMMENT ON COLUMN market.trade.uti IS 'Unique transaction identifier for reporting.';
COMMENT ON COLUMN market.trade.mic IS 'Venue; null for bilateral trades.';
COMMENT ON COLUMN market.trade.book_id IS 'Book.';
COMMENT ON COLUMN market.trade.instrument_id IS 'What was traded.';
COMMENT ON COLUMN market.trade.counterparty_id IS 'Other side, or the clearing member.';
COMMENT ON COLUMN market.trade.broker_id IS 'Broker, if one arranged it.';
COMMENT ON COLUMN market.trade.side IS 'From our point of view.';
COMMENT ON COLUMN market.trade.quantity IS 'Volume in the unit below.';
COMMENT ON COLUMN market.trade.unit_code IS 'Unit of the volume.';
COMMENT ON COLUMN market.trade.price IS 'Price in the currency below.';
COMMENT ON COLUMN market.trade.currency_code IS 'Currency of price and settlement.';
COMMENT ON COLUMN market.trade.delivery_from IS 'First delivery day, where the instrument does not say it.';
COMMENT ON COLUMN market.trade.delivery_to IS 'Last delivery day.';
COMMENT ON COLUMN market.trade.fee IS 'Brokerage and exchange fees, in the same currency.';
COMMENT ON COLUMN market.trade.executed_at IS 'Instant of execution.';
COMMENT ON COLUMN market.trade.entered_at IS 'When it was captured.';
COMMENT ON COLUMN market.trade.trader IS 'Login of the trader.';
COMMENT ON COLUMN market.trade.status IS 'Stage of life.';
COMMENT ON COLUMN market.trade.is_internal IS 'Between two own books; must have a mirror.';
COMMENT ON COLUMN market.trade.mirror_trade_id IS 'Other half of an internal trade.';
CREATE UNIQUE INDEX trade_external_idx ON market.trade (mic, external_id) WHERE external_id IS NOT NULL AND status <> 'cancelled';
CREATE INDEX trade_book_idx ON market.trade (book_id, executed_at DESC);
CREATE INDEX trade_instrument_idx ON market.trade (instrument_id, executed_at DESC);
CREATE INDEX trade_counterparty_idx ON market.trade (counterparty_id) WHERE status NOT IN ('settled', 'cancelled');
CREATE INDEX trade_unconfirmed_idx ON market.trade (executed_at) WHERE status = 'new';
CREATE INDEX trade_day_idx ON market.trade (((executed_at AT TIME ZONE 'UTC')::date));

CREATE TABLE market.trade_event (
    trade_id bigint NOT NULL REFERENCES market.trade,
    event_number integer NOT NULL CHECK (event_number > 0),
    event_type text NOT NULL CHECK (event_type IN ('entered', 'amended', 'confirmed', 'cleared', 'nominated', 'delivered', 'invoiced', 'settled', 'cancelled', 'reported')),
    occurred_at timestamptz NOT NULL DEFAULT now(),
    actor text NOT NULL DEFAULT current_user,
    changes jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(changes) = 'object'),
    reason text,
    cash_amount numeric(20, 4),
    currency_code char(3) REFERENCES market.currency,
    document_uri text CHECK (document_uri ~ '^(https|s3)://'),
    PRIMARY KEY (trade_id, event_number),
    CONSTRAINT trade_event_reason CHECK (event_type NOT IN ('amended', 'cancelled') OR reason IS NOT NULL),
    CONSTRAINT trade_event_cash CHECK ((cash_amount IS NULL) = (currency_code IS NULL))
);
COMMENT ON TABLE market.trade_event IS 'Life of a trade, in order: entry, amendment, confirmation, clearing, settlement, cancellation.';
COMMENT ON COLUMN market.trade_event.trade_id IS 'Trade.';
COMMENT ON COLUMN market.trade_event.event_number IS 'Order within the trade.';
COMMENT ON COLUMN market.trade_event.event_type IS 'What happened.';
COMMENT ON COLUMN market.trade_event.actor IS 'Who or what did it.';
COMMENT ON COLUMN market.trade_event.changes IS 'Column to [old, new], for amendments.';
COMMENT ON COLUMN market.trade_event.reason IS 'Required for amendments and cancellations.';
COMMENT ON COLUMN market.trade_event.cash_amount IS 'Paid (negative) or received.';
COMMENT ON COLUMN market.trade_event.currency_code IS 'Currency of the cash.';
COMMENT ON COLUMN market.trade_event.document_uri IS 'Confirmation, invoice or report receipt.';
CREATE INDEX trade_event_time_idx ON market.trade_event (occurred_at DESC);
CREATE INDEX trade_event_type_idx ON market.trade_event (event_type, occurred_at) WHERE event_type IN ('cancelled', 'amended');
CREATE INDEX trade_event_changes_idx ON market.trade_event USING gin (changes jsonb_path_ops);

CREATE TABLE market.position (
    book_id bigint NOT NULL REFERENCES market.trading_book,
    instrument_id bigint NOT NULL REFERENCES market.instrument,
    as_of date NOT NULL,
    period_code market.code NOT NULL REFERENCES market.delivery_period,
    long_quantity market.quantity NOT NULL DEFAULT 0 CHECK (long_quantity >= 0),
    short_quantity market.quantity NOT NULL DEFAULT 0 CHECK (short_quantity >= 0),
    net_quantity numeric(21, 6) GENERATED ALWAYS AS (long_quantity::numeric - short_quantity::numeric) STORED,
    unit_code text NOT NULL REFERENCES market.unit_of_measure,
    average_price market.price,
    mark market.price,
    curve_version_id bigint REFERENCES market.curve_version,
    market_value numeric(20, 4),
    unrealised_pnl numeric(20, 4),
    realised_pnl numeric(20, 4) NOT NULL DEFAULT 0,
    delta market.quantity,
    calculated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (book_id, instrument_id, period_code, as_of),
    CONSTRAINT position_marked CHECK ((mark IS NULL) = (market_value IS NULL))
);
COMMENT ON TABLE market.position IS 'End-of-day positions by book, instrument and delivery, with their valuation.';
COMMENT ON COLUMN market.position.book_id IS 'Book.';
COMMENT ON COLUMN market.position.instrument_id IS 'Instrument.';
COMMENT ON COLUMN market.position.as_of IS 'Business date of the snapshot.';
COMMENT ON COLUMN market.position.period_code IS 'Delivery bucket.';
COMMENT ON COLUMN market.position.long_quantity IS 'Bought and not yet delivered.';
COMMENT ON COLUMN market.position.short_quantity IS 'Sold and not yet delivered.';
COMMENT ON COLUMN market.position.net_quantity IS 'Long less short.';
COMMENT ON COLUMN market.position.unit_code IS 'Unit of the quantities.';
COMMENT ON COLUMN market.position.average_price IS 'Volume-weighted entry price.';
COMMENT ON COLUMN market.position.mark IS 'Price used for valuation.';
COMMENT ON COLUMN market.position.curve_version_id IS 'Curve that the mark was read from.';
COMMENT ON COLUMN market.position.market_value IS 'Value in the book''s currency.';
COMMENT ON COLUMN market.position.unrealised_pnl IS 'Change against entry.';
COMMENT ON COLUMN market.position.realised_pnl IS 'Closed part, since the start of the year.';
COMMENT ON COLUMN market.position.delta IS 'Exposure to the underlying, for options.';
COMMENT ON COLUMN market.position.calculated_at IS 'When valuation ran.';
CREATE INDEX position_as_of_idx ON market.position (as_of DESC, book_id) INCLUDE (market_value, unrealised_pnl);
CREATE INDEX position_instrument_idx ON market.position (instrument_id, as_of DESC);
CREATE INDEX position_unmarked_idx ON market.position (as_of) WHERE mark IS NULL;
CREATE INDEX position_curve_version_idx ON market.position (curve_version_id);
CREATE INDEX position_period_idx ON market.position (period_code);

CREATE TABLE market.credit_limit (
    limit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    counterparty_id bigint REFERENCES market.counterparty,
    book_id bigint REFERENCES market.trading_book,
    commodity_code market.code REFERENCES market.commodity,
    measure text NOT NULL CHECK (measure IN ('current_exposure', 'potential_future_exposure', 'settlement', 'value_at_risk', 'volume', 'tenor_months', 'loss')),
    amount numeric(20, 4) NOT NULL CHECK (amount > 0),
    currency_code char(3) REFERENCES market.currency,
    unit_code text REFERENCES market.unit_of_measure,
    warning_pct numeric(5, 2) NOT NULL DEFAULT 80 CHECK (warning_pct BETWEEN 1 AND 100),
    is_hard boolean NOT NULL DEFAULT true,
    valid_from date NOT NULL,
    valid_to date NOT NULL DEFAULT 'infinity',
    approved_by text NOT NULL,
    approved_at timestamptz NOT NULL DEFAULT now(),
    utilisation numeric(20, 4) NOT NULL DEFAULT 0 CHECK (utilisation >= 0),
    utilised_at timestamptz,
    CONSTRAINT credit_limit_target CHECK (num_nonnulls(counterparty_id, book_id) >= 1),
    CONSTRAINT credit_limit_validity CHECK (valid_from <= valid_to),
    CONSTRAINT credit_limit_volume_unit CHECK ((measure = 'volume') = (unit_code IS NOT NULL)),
    CONSTRAINT credit_limit_money_currency CHECK ((measure IN ('volume', 'tenor_months')) = (currency_code IS NULL))
);
COMMENT ON TABLE market.credit_limit IS 'Limits set by risk control, for a counterparty, a book, or both.';
COMMENT ON COLUMN market.credit_limit.counterparty_id IS 'Counterparty that it restrains.';
COMMENT ON COLUMN market.credit_limit.book_id IS 'Book that it restrains.';
COMMENT ON COLUMN market.credit_limit.commodity_code IS 'Only this commodity; null for all.';
COMMENT ON COLUMN market.credit_limit.measure IS 'What is measured.';
COMMENT ON COLUMN market.credit_limit.amount IS 'Upper bound.';
COMMENT ON COLUMN market.credit_limit.currency_code IS 'Currency of money measures.';
COMMENT ON COLUMN market.credit_limit.unit_code IS 'Unit of volume measures.';
COMMENT ON COLUMN market.credit_limit.warning_pct IS 'Share of use at which the desk is warned.';
COMMENT ON COLUMN market.credit_limit.is_hard IS 'A trade over it is refused, not only reported.';
COMMENT ON COLUMN market.credit_limit.valid_from IS 'First day.';
COMMENT ON COLUMN market.credit_limit.valid_to IS 'Last day, inclusive.';
COMMENT ON COLUMN market.credit_limit.approved_by IS 'Person with the authority.';
COMMENT ON COLUMN market.credit_limit.approved_at IS 'When it was approved.';
COMMENT ON COLUMN market.credit_limit.utilisation IS 'Use at the last calculation.';
COMMENT ON COLUMN market.credit_limit.utilised_at IS 'When use was last calculated.';
CREATE UNIQUE INDEX credit_limit_open_idx ON market.credit_limit
    (coalesce(counterparty_id, 0), coalesce(book_id, 0), coalesce(commodity_code::text, ''), measure) WHERE valid_to = 'infinity';
CREATE INDEX credit_limit_counterparty_idx ON market.credit_limit (counterparty_id) WHERE counterparty_id IS NOT NULL;
CREATE INDEX credit_limit_book_idx ON market.credit_limit (book_id) WHERE book_id IS NOT NULL;
CREATE INDEX credit_limit_breach_idx ON market.credit_limit (limit_id) WHERE utilisation > amount;

--
-- 8. Quality, lineage and audit
--

CREATE TABLE market.quality_rule (
    rule_code market.code PRIMARY KEY,
    feed_code market.code REFERENCES market.ingestion_feed,
    target_table text NOT NULL CHECK (target_table ~ '^[a-z][a-z0-9_]*$'),
    dimension text NOT NULL CHECK (dimension IN ('completeness', 'timeliness', 'validity', 'uniqueness', 'consistency', 'accuracy')),
    description text NOT NULL,
    check_sql text NOT NULL CHECK (check_sql ~* '^\s*(select|with)\s'),
    severity text NOT NULL CHECK (severity IN ('info', 'warning', 'error')),
    threshold numeric(12, 4) NOT NULL DEFAULT 0 CHECK (threshold >= 0),
    owner_email text NOT NULL CHECK (owner_email LIKE '%_@_%'),
    is_enabled boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE market.quality_rule IS 'Checks that run on data after loading.';
COMMENT ON COLUMN market.quality_rule.rule_code IS 'CURVE-JUMP-5SIGMA, FIXING-MISSING, SERIAL-OVERLAP.';
COMMENT ON COLUMN market.quality_rule.feed_code IS 'Feed that it guards; null for checks over a whole table.';
COMMENT ON COLUMN market.quality_rule.target_table IS 'Table that it reads.';
COMMENT ON COLUMN market.quality_rule.dimension IS 'Kind of defect that it finds.';
COMMENT ON COLUMN market.quality_rule.description IS 'What is checked, in one sentence.';
COMMENT ON COLUMN market.quality_rule.check_sql IS 'Returns one row for each violation.';
COMMENT ON COLUMN market.quality_rule.severity IS 'Errors stop publication of curves.';
COMMENT ON COLUMN market.quality_rule.threshold IS 'Violations that are tolerated.';
COMMENT ON COLUMN market.quality_rule.owner_email IS 'Who looks at violations.';
COMMENT ON COLUMN market.quality_rule.is_enabled IS 'Disabled rules keep their history.';
COMMENT ON COLUMN market.quality_rule.created_at IS 'When it was written.';
CREATE INDEX quality_rule_feed_idx ON market.quality_rule (feed_code) WHERE is_enabled;
CREATE INDEX quality_rule_target_idx ON market.quality_rule (target_table);

CREATE TABLE market.quality_result (
    result_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rule_code market.code NOT NULL REFERENCES market.quality_rule,
    run_id bigint REFERENCES market.ingestion_run ON DELETE CASCADE,
    checked_at timestamptz NOT NULL DEFAULT now(),
    outcome text NOT NULL CHECK (outcome IN ('passed', 'warned', 'failed', 'crashed')),
    rows_checked bigint NOT NULL CHECK (rows_checked >= 0),
    violations bigint NOT NULL CHECK (violations >= 0),
    sample jsonb CHECK (jsonb_typeof(sample) = 'array'),
    acknowledged_by text,
    acknowledged_at timestamptz,
    note text,
    CONSTRAINT quality_result_count CHECK (violations <= rows_checked),
    CONSTRAINT quality_result_passed CHECK (outcome <> 'passed' OR acknowledged_by IS NULL),
    CONSTRAINT quality_result_acknowledged CHECK (num_nulls(acknowledged_by, acknowledged_at, note) IN (0, 3))
);
COMMENT ON TABLE market.quality_result IS 'Outcome of a rule on one run.';
COMMENT ON COLUMN market.quality_result.rule_code IS 'Rule.';
COMMENT ON COLUMN market.quality_result.run_id IS 'Run; null for checks on a schedule of their own.';
COMMENT ON COLUMN market.quality_result.outcome IS 'Result after the threshold.';
COMMENT ON COLUMN market.quality_result.rows_checked IS 'Rows read.';
COMMENT ON COLUMN market.quality_result.violations IS 'Rows that broke the rule.';
COMMENT ON COLUMN market.quality_result.sample IS 'First violations, for the person who looks.';
COMMENT ON COLUMN market.quality_result.acknowledged_by IS 'Who accepted a failure.';
COMMENT ON COLUMN market.quality_result.note IS 'Why it was accepted.';
CREATE UNIQUE INDEX quality_result_run_idx ON market.quality_result (rule_code, run_id) WHERE run_id IS NOT NULL;
CREATE INDEX quality_result_open_idx ON market.quality_result (checked_at DESC) WHERE outcome IN ('failed', 'crashed') AND acknowledged_by IS NULL;
CREATE INDEX quality_result_run_only_idx ON market.quality_result (run_id);

CREATE TABLE market.lineage_edge (
    edge_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    from_kind text NOT NULL CHECK (from_kind IN ('feed', 'object', 'table', 'curve_version', 'workflow', 'dataset')),
    from_ref text NOT NULL CHECK (from_ref <> ''),
    to_kind text NOT NULL CHECK (to_kind IN ('object', 'table', 'curve_version', 'dataset', 'dashboard', 'report')),
    to_ref text NOT NULL CHECK (to_ref <> ''),
    transformation text NOT NULL,
    code_version text NOT NULL,
    run_id bigint REFERENCES market.ingestion_run ON DELETE SET NULL,
    columns jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(columns) = 'object'),
    observed_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (from_kind, from_ref, to_kind, to_ref, transformation),
    CONSTRAINT lineage_edge_no_loop CHECK ((from_kind, from_ref) <> (to_kind, to_ref))
);
COMMENT ON TABLE market.lineage_edge IS 'Which data came from which: from raw object to curve to report.';
COMMENT ON COLUMN market.lineage_edge.from_kind IS 'Kind of the origin.';
COMMENT ON COLUMN market.lineage_edge.from_ref IS 'Identifier within the kind.';
COMMENT ON COLUMN market.lineage_edge.to_kind IS 'Kind of the result.';
COMMENT ON COLUMN market.lineage_edge.to_ref IS 'Identifier within the kind.';
COMMENT ON COLUMN market.lineage_edge.transformation IS 'Name of the task, query or job.';
COMMENT ON COLUMN market.lineage_edge.code_version IS 'Commit or image digest that ran.';
COMMENT ON COLUMN market.lineage_edge.run_id IS 'Run that made the edge.';
COMMENT ON COLUMN market.lineage_edge.columns IS 'Result column to list of origin columns.';
COMMENT ON COLUMN market.lineage_edge.observed_at IS 'When it was last seen.';
CREATE INDEX lineage_edge_to_idx ON market.lineage_edge (to_kind, to_ref);
CREATE INDEX lineage_edge_run_idx ON market.lineage_edge (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX lineage_edge_columns_idx ON market.lineage_edge USING gin (columns);

CREATE TABLE market.audit_log (
    audit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    occurred_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor text NOT NULL DEFAULT session_user,
    application text NOT NULL DEFAULT coalesce(nullif(current_setting('application_name', true), ''), 'unknown'),
    table_name text NOT NULL,
    row_key text NOT NULL,
    action text NOT NULL CHECK (action IN ('INSERT', 'UPDATE', 'DELETE')),
    old_row jsonb,
    new_row jsonb,
    transaction_id bigint NOT NULL DEFAULT txid_current(),
    CONSTRAINT audit_log_rows CHECK ((action = 'INSERT') = (old_row IS NULL) AND (action = 'DELETE') = (new_row IS NULL))
);
COMMENT ON TABLE market.audit_log IS 'Changes to trades, limits, counterparties and curve versions. Append only.';
COMMENT ON COLUMN market.audit_log.audit_id IS 'Order of the changes.';
COMMENT ON COLUMN market.audit_log.actor IS 'Database login.';
COMMENT ON COLUMN market.audit_log.application IS 'Program that connected.';
COMMENT ON COLUMN market.audit_log.table_name IS 'Table that was changed.';
COMMENT ON COLUMN market.audit_log.row_key IS 'Primary key of the row, as text.';
COMMENT ON COLUMN market.audit_log.action IS 'What was done.';
COMMENT ON COLUMN market.audit_log.old_row IS 'Row before.';
COMMENT ON COLUMN market.audit_log.new_row IS 'Row after.';
COMMENT ON COLUMN market.audit_log.transaction_id IS 'Groups the changes of one transaction.';
CREATE INDEX audit_log_row_idx ON market.audit_log (table_name, row_key, occurred_at DESC);
CREATE INDEX audit_log_time_brin ON market.audit_log USING brin (occurred_at);
CREATE INDEX audit_log_deletes_idx ON market.audit_log (occurred_at) WHERE action = 'DELETE';

CREATE FUNCTION market.record_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    changed jsonb := to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END);
BEGIN
    INSERT INTO market.audit_log (table_name, row_key, action, old_row, new_row)
    VALUES (TG_TABLE_NAME, changed ->> TG_ARGV[0], TG_OP,
            CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END,
            CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END);
    RETURN NULL;
END $$;
COMMENT ON FUNCTION market.record_change() IS 'Writes the audit log. Runs as its owner, so that traders need no right on the log itself.';

CREATE FUNCTION market.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on market.% refused: rows are append only', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
COMMENT ON FUNCTION market.refuse_change() IS 'Keeps append-only tables append only, for the owner as well.';

CREATE FUNCTION market.refuse_published_points() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM market.curve_version v
               WHERE v.version_id = coalesce(NEW.version_id, OLD.version_id) AND v.status IN ('published', 'withdrawn')) THEN
        RAISE EXCEPTION 'curve version % is published; build a new revision', coalesce(NEW.version_id, OLD.version_id)
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
COMMENT ON FUNCTION market.refuse_published_points() IS 'Points of a published curve are evidence: valuations refer to them.';

CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON market.audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION market.refuse_change();
CREATE TRIGGER trade_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON market.trade_event
    FOR EACH STATEMENT EXECUTE FUNCTION market.refuse_change();
CREATE TRIGGER curve_point_frozen BEFORE INSERT OR UPDATE OR DELETE ON market.curve_point
    FOR EACH ROW EXECUTE FUNCTION market.refuse_published_points();
CREATE TRIGGER trade_audit AFTER INSERT OR UPDATE OR DELETE ON market.trade
    FOR EACH ROW EXECUTE FUNCTION market.record_change('trade_id');
CREATE TRIGGER credit_limit_audit AFTER INSERT OR UPDATE OR DELETE ON market.credit_limit
    FOR EACH ROW EXECUTE FUNCTION market.record_change('limit_id');
CREATE TRIGGER counterparty_audit AFTER INSERT OR UPDATE OR DELETE ON market.counterparty
    FOR EACH ROW EXECUTE FUNCTION market.record_change('counterparty_id');
CREATE TRIGGER curve_version_audit AFTER UPDATE OR DELETE ON market.curve_version
    FOR EACH ROW EXECUTE FUNCTION market.record_change('version_id');

--
-- 9. Views
--

CREATE VIEW market.latest_fixing AS
    SELECT DISTINCT ON (f.instrument_id, f.fixing_date, f.period_index)
           i.symbol, f.instrument_id, f.fixing_date, f.period_index, f.value, i.currency_code, i.unit_code, f.status, f.known_at
    FROM market.fixing f
    JOIN market.instrument i USING (instrument_id)
    ORDER BY f.instrument_id, f.fixing_date, f.period_index, f.known_at DESC;
COMMENT ON VIEW market.latest_fixing IS 'Fixings as known now: of several corrections only the last.';

CREATE VIEW market.published_curve AS
    SELECT c.curve_code, v.curve_date, v.snapshot, p.delivery_start, p.delivery_end, p.mid, p.bid, p.ask, p.point_type,
           c.currency_code, c.unit_code, v.version_id, v.published_at
    FROM market.price_curve c
    JOIN market.curve_version v USING (curve_id)
    JOIN market.curve_point p USING (version_id)
    WHERE v.status = 'published';
COMMENT ON VIEW market.published_curve IS 'Points of the published version of every curve and date: what valuation reads.';

CREATE VIEW market.credit_inventory AS
    SELECT pr.registry_code, pr.registry_project_id, pr.name AS project_name, cv.vintage_year, i.symbol,
           sum(ci.units) FILTER (WHERE NOT ci.is_buffer) AS issued,
           sum(ci.units) FILTER (WHERE ci.is_buffer) AS buffered,
           coalesce(sum(r.retired), 0) AS retired,
           coalesce(sum(ci.units) FILTER (WHERE NOT ci.is_buffer), 0) - coalesce(sum(r.retired) FILTER (WHERE NOT ci.is_buffer), 0) AS outstanding
    FROM market.credit_vintage cv
    JOIN market.instrument i USING (instrument_id)
    JOIN market.carbon_project pr USING (project_id)
    JOIN market.credit_issuance ci USING (instrument_id)
    LEFT JOIN LATERAL (SELECT sum(cr.units) AS retired FROM market.credit_retirement cr WHERE cr.issuance_id = ci.issuance_id) r ON true
    GROUP BY pr.registry_code, pr.registry_project_id, pr.name, cv.vintage_year, i.symbol;
COMMENT ON VIEW market.credit_inventory IS 'Credits issued, buffered, retired and still outstanding, by project and vintage.';

CREATE VIEW market.limit_utilisation AS
    SELECT l.limit_id, c.short_name AS counterparty, b.book_code AS book, l.commodity_code, l.measure, l.amount, l.utilisation,
           round(100 * l.utilisation / l.amount, 2) AS utilisation_pct,
           CASE WHEN l.utilisation > l.amount THEN 'breach'
                WHEN l.utilisation >= l.amount * l.warning_pct / 100 THEN 'warning'
                ELSE 'ok' END AS state,
           l.is_hard, l.utilised_at
    FROM market.credit_limit l
    LEFT JOIN market.counterparty c USING (counterparty_id)
    LEFT JOIN market.trading_book b USING (book_id)
    WHERE current_date BETWEEN l.valid_from AND l.valid_to;
COMMENT ON VIEW market.limit_utilisation IS 'Limits in force today and how much of each is used.';

CREATE VIEW market.late_feed AS
    SELECT f.feed_code, f.source_code, f.expected_by, f.owner_email, max(r.business_date) AS last_business_date, max(r.finished_at) AS last_success
    FROM market.ingestion_feed f
    LEFT JOIN market.ingestion_run r ON r.feed_code = f.feed_code AND r.status = 'succeeded'
    WHERE f.is_enabled
    GROUP BY f.feed_code, f.source_code, f.expected_by, f.owner_email, f.max_age
    HAVING max(r.finished_at) IS NULL OR max(r.finished_at) < now() - coalesce(f.max_age, interval '1 day');
COMMENT ON VIEW market.late_feed IS 'Feeds without a good run within their allowed age; the data freshness alert reads it.';
