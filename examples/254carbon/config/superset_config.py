import os

from cachelib.redis import RedisCache

REDIS = f"redis://:{os.environ['REDIS_PASSWORD']}@{os.environ['REDIS_HOST']}:6379"
SQLALCHEMY_DATABASE_URI = os.environ["DATABASE_URL"].replace("postgres://", "postgresql+psycopg2://", 1)
SECRET_KEY = os.environ["SUPERSET_SECRET_KEY"]
ENABLE_PROXY_FIX = True
FEATURE_FLAGS = {"ALERT_REPORTS": True, "DASHBOARD_RBAC": True}
CACHE_CONFIG = {"CACHE_TYPE": "RedisCache", "CACHE_REDIS_URL": f"{REDIS}/1", "CACHE_DEFAULT_TIMEOUT": 300}
DATA_CACHE_CONFIG = CACHE_CONFIG
RESULTS_BACKEND = RedisCache(
    host=os.environ["REDIS_HOST"], password=os.environ["REDIS_PASSWORD"], key_prefix="superset_results"
)


class CELERY_CONFIG:
    broker_url = f"{REDIS}/0"
    result_backend = f"{REDIS}/0"
    imports = ("superset.sql_lab", "superset.tasks.scheduler")
