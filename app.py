"""Learnscope's server: Streamlit's pages, our live routes, the guards before both. ``streamlit run app.py``."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from streamlit import file_util

from pages.ui.guard import Guard
from pages.ui.headers import SecurityHeaders, security_headers
from pages.ui.lifespan import lifespan
from pages.ui.live_routes import live_routes
from pages.ui.person import PersonCookie
from pages.ui.places import base_path
from pages.ui.portions import Portions
from pages.ui.upload_quota import UploadQuota

app = st.App(
    "pages/navigation.py",
    lifespan=lifespan,
    routes=live_routes(),
    middleware=[
        Middleware(SecurityHeaders, headers=security_headers(Path(file_util.get_static_dir()) / "index.html")),
        Middleware(Portions),
        Middleware(Guard, prefix=base_path()),
        Middleware(UploadQuota, prefix=base_path()),
        Middleware(PersonCookie, path=base_path() or "/"),
    ],
)
