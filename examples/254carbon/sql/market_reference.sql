-- Reference rows that the platform needs before its first feed. Runs once.

INSERT INTO market.unit_of_measure (unit_code, name, dimension, base_unit_code, factor_to_base) VALUES
    ('MWh', 'megawatt hour', 'energy', 'MWh', 1),
    ('MW', 'megawatt', 'power', 'MW', 1),
    ('t', 'tonne', 'mass', 't', 1),
    ('m3', 'cubic metre', 'volume', 'm3', 1),
    ('tCO2e', 'tonne of carbon dioxide equivalent', 'emission', 'tCO2e', 1),
    ('ratio', 'ratio', 'ratio', 'ratio', 1);
INSERT INTO market.unit_of_measure (unit_code, name, dimension, base_unit_code, factor_to_base) VALUES
    ('GWh', 'gigawatt hour', 'energy', 'MWh', 1000),
    ('MMBtu', 'million British thermal units', 'energy', 'MWh', 0.293071070172222),
    ('therm', 'therm', 'energy', 'MWh', 0.029307107017222),
    ('bbl', 'barrel of oil', 'volume', 'm3', 0.158987294928),
    ('stCO2', 'short ton of carbon dioxide', 'emission', 'tCO2e', 0.90718474);

INSERT INTO market.currency (currency_code, name, minor_digits) VALUES
    ('EUR', 'euro', 2), ('GBP', 'pound sterling', 2), ('USD', 'United States dollar', 2), ('CHF', 'Swiss franc', 2),
    ('NOK', 'Norwegian krone', 2), ('PLN', 'Polish zloty', 2), ('JPY', 'Japanese yen', 0);
INSERT INTO market.currency (currency_code, name, minor_digits, parent_code, parent_factor, is_settlement) VALUES
    ('GBX', 'penny sterling', 2, 'GBP', 0.01, false);

INSERT INTO market.country (country_code, alpha3, name, region, is_eu_ets, is_annex_b) VALUES
    ('DE', 'DEU', 'Germany', 'europe', true, true),
    ('NL', 'NLD', 'Netherlands', 'europe', true, true),
    ('FR', 'FRA', 'France', 'europe', true, true),
    ('NO', 'NOR', 'Norway', 'europe', true, true),
    ('CH', 'CHE', 'Switzerland', 'europe', false, true),
    ('GB', 'GBR', 'United Kingdom', 'europe', false, true),
    ('US', 'USA', 'United States', 'americas', false, false),
    ('BR', 'BRA', 'Brazil', 'americas', false, false),
    ('KE', 'KEN', 'Kenya', 'africa', false, false),
    ('JP', 'JPN', 'Japan', 'asia', false, true);

INSERT INTO market.commodity (commodity_code, parent_code, name, sector, default_unit_code, emission_factor, is_storable) VALUES
    ('POWER', NULL, 'Electricity', 'power', 'MWh', NULL, false),
    ('NATGAS', NULL, 'Natural gas', 'gas', 'MWh', 0.181, true),
    ('LNG', 'NATGAS', 'Liquefied natural gas', 'lng', 'MMBtu', 0.053, true),
    ('CRUDE', NULL, 'Crude oil', 'oil', 'bbl', 0.430, true),
    ('COAL', NULL, 'Thermal coal', 'coal', 't', 2.420, true),
    ('ALLOWANCE', NULL, 'Emission allowances', 'carbon', 'tCO2e', NULL, true),
    ('CREDIT', NULL, 'Voluntary carbon credits', 'carbon', 'tCO2e', NULL, true);

INSERT INTO market.data_source (source_code, name, kind, country_code, redistribution) VALUES
    ('EU-COM', 'European Commission', 'registry', NULL, 'free'),
    ('UK-EA', 'Environment Agency', 'registry', 'GB', 'free'),
    ('CARB', 'California Air Resources Board', 'registry', 'US', 'free'),
    ('RGGI-INC', 'RGGI, Inc.', 'registry', 'US', 'free'),
    ('VERRA', 'Verra', 'registry', 'US', 'derived'),
    ('GOLD-STANDARD', 'The Gold Standard Foundation', 'registry', 'CH', 'derived'),
    ('ENTSOE', 'ENTSO-E Transparency Platform', 'tso', NULL, 'free'),
    ('DESK', 'Marks of our own desk', 'internal', NULL, 'none');

INSERT INTO market.emission_scheme
    (scheme_code, name, kind, administrator, country_code, unit_name, unit_code, currency_code, compliance_deadline, offset_limit_pct, started_on) VALUES
    ('EU-ETS', 'European Union Emissions Trading System', 'cap_and_trade', 'European Commission', NULL, 'EUA', 'tCO2e', 'EUR', '09-30', 0, '2005-01-01'),
    ('UK-ETS', 'United Kingdom Emissions Trading Scheme', 'cap_and_trade', 'UK ETS Authority', 'GB', 'UKA', 'tCO2e', 'GBP', '04-30', 0, '2021-01-01'),
    ('CA-CT', 'California Cap-and-Invest Program', 'cap_and_trade', 'California Air Resources Board', 'US', 'CCA', 'tCO2e', 'USD', '11-01', 6, '2013-01-01'),
    ('RGGI', 'Regional Greenhouse Gas Initiative', 'cap_and_trade', 'RGGI, Inc.', 'US', 'RGA', 'stCO2', 'USD', '03-01', 3.3, '2009-01-01'),
    ('VCS', 'Verified Carbon Standard', 'crediting_programme', 'Verra', NULL, 'VCU', 'tCO2e', 'USD', NULL, NULL, '2007-11-19'),
    ('GS', 'Gold Standard for the Global Goals', 'crediting_programme', 'The Gold Standard Foundation', NULL, 'VER', 'tCO2e', 'USD', NULL, NULL, '2003-01-01');

INSERT INTO market.emission_registry (registry_code, name, scheme_code, source_code, operator, serial_pattern, transfer_delay, url) VALUES
    ('EU-UR', 'Union Registry', 'EU-ETS', 'EU-COM', 'European Commission', '^[A-Z]{2}-[0-9]+-[0-9]+$', interval '26 hours', 'https://union-registry-data.ec.europa.eu'),
    ('UK-ETR', 'UK Emissions Trading Registry', 'UK-ETS', 'UK-EA', 'Environment Agency', '^UK-[0-9]+-[0-9]+$', interval '26 hours', NULL),
    ('CITSS', 'Compliance Instrument Tracking System Service', 'CA-CT', 'CARB', 'WCI, Inc.', '^[A-Z]{2}-[0-9]{4}-[0-9]+$', interval '0', NULL),
    ('RGGI-COATS', 'RGGI CO2 Allowance Tracking System', 'RGGI', 'RGGI-INC', 'RGGI, Inc.', '^[A-Z]{2}-[0-9]{4}-[0-9]+$', interval '0', 'https://rggi-coats.org'),
    ('VERRA', 'Verra Registry', 'VCS', 'VERRA', 'Verra', '^[0-9]+-[0-9]+-[0-9]+-VCS-', interval '0', 'https://registry.verra.org'),
    ('GS-IR', 'Gold Standard Impact Registry', 'GS', 'GOLD-STANDARD', 'The Gold Standard Foundation', '^GS[0-9]-', interval '0', 'https://registry.goldstandard.org');
