"""What setup.cfg cannot say: templates lie beside the packages in a checkout, and inside research_hub in a wheel."""

from setuptools import find_packages, setup

setup(
    packages=[
        *find_packages(include=["insights*", "search_index*", "research_hub*"]),
        "research_hub.templates",
    ],
    package_dir={"research_hub.templates": "templates"},
)
