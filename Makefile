# Onehop: the one entry. Build products live outside the checkout.
export CARGO_TARGET_DIR ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/onehop/target
